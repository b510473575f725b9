/** The type of an attribute, as the schema declares it. */
export type AttributeType =
  | 'string'
  | 'bool'
  | 'number'
  | { readonly list: AttributeType }
  | { readonly set: AttributeType }
  | { readonly map: AttributeType }
  | { readonly object: { readonly [attribute: string]: AttributeType } };
