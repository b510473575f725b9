/** What the provider keeps beside a resource's state, as JSON in the private bytes that Terraform stores for it. */
export interface PrivateState {
  /** Imported and not applied since: see `adoptAfterImport` of the schema. */
  readonly imported: boolean;
}

const NOTHING = new Uint8Array(0);

export function encodePrivate(state: PrivateState): Uint8Array {
  return state.imported ? new TextEncoder().encode(JSON.stringify({ imported: true })) : NOTHING;
}

export function decodePrivate(bytes: Uint8Array): PrivateState {
  if (bytes.length === 0) return { imported: false };
  const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return {
    imported: typeof parsed === 'object' && parsed !== null && 'imported' in parsed && parsed.imported === true,
  };
}
