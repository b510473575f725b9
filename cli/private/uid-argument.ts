/** Arguments that are UIDs, told apart from everything else before a service is asked. */
import { InvalidArgumentError } from 'commander';
import { UID_PATTERN } from '../../contract/limits';

const UID = new RegExp(UID_PATTERN);

/** @param where which command shows them */
export function uidArgument(where: string): (value: string) => string {
  return (value) => {
    if (UID.test(value)) return value;
    throw new InvalidArgumentError(`It has 22 letters, digits, - or _; ${where} shows them.`);
  };
}

/** Several of them. */
export function uidArguments(where: string): (value: string, before?: readonly string[]) => string[] {
  const one = uidArgument(where);
  return (value, before = []) => [...before, one(value)];
}
