/** The type of a value, as the schema declares it. */
export type AttributeType =
  | 'string'
  | 'bool'
  | 'number'
  | { readonly list: AttributeType }
  | { readonly set: AttributeType }
  | { readonly map: AttributeType }
  | { readonly object: { readonly [attribute: string]: AttributeType } };

/** As messages name it: "list", "number". */
export function kindOfType(type: AttributeType): string {
  return typeof type === 'string' ? type : (Object.keys(type)[0] ?? 'value');
}
