import { InvalidArgumentError } from 'commander';
import { UID_PATTERN } from '../../contract/limits';

/** The value as it is, if it is a vault's id as the provider and `GET /v1/info` show it. */
export function vaultId(value: string): string {
  if (new RegExp(UID_PATTERN).test(value)) return value;
  throw new InvalidArgumentError('Write the id of a vault: 22 characters of A-Z, a-z, 0-9, "-" and "_".');
}
