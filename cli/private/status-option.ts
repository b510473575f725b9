import { type Command, Option } from 'commander';
import type { DeviceStatus } from '../../contract/types';

export interface StatusOptions {
  status?: DeviceStatus;
}

const STATUSES: readonly DeviceStatus[] = ['pending', 'active', 'lapsed', 'ended'];

/** What the statuses of devices and gateways mean, for the help of their lists. */
export const STATUS_HELP = `
pending: its one-time token waits. active: redeemed, and may read. lapsed: nobody redeemed the token in time.
ended: its access has ended. Lapsed and ended ones stay in the list until they are removed.
`;

/** Adds `--status`. */
export function statusOption(command: Command): Command {
  return command.addOption(new Option('--status <status>', 'only those of this status').choices(STATUSES));
}
