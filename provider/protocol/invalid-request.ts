/**
 * A request that breaks the protocol. Terraform shows the message to the user,
 * so it names the field and never quotes a value.
 */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}
