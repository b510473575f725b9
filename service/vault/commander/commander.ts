/**
 * The real Keeper, through Keeper Commander's Service Mode: the one way that Keeper gives programs to applications,
 * devices and gateways. One file a noun, as in every driver. It believes no sentence: it reads before, changes one thing
 * a command, and reads back after. What Keeper does not tell is in tables of its own (`tables.ts`).
 *
 * It may import the store, the port and the contract, never HTTP routes or the operations.
 */

import type { Database } from '../../store/database';
import type { Clock } from '../../world/clock';
import type { Call } from '../call';
import type { CommandCounts } from '../command-counts';
import type { Vault } from '../port';
import { createAccount } from './account';
import { applicationVault } from './application';
import { capabilities } from './capabilities';
import { type CommanderOptions, createCommanderClient } from './client';
import { clientDeviceVault } from './client-device';
import type { Context } from './context';
import { gatewayVault } from './gateway';
import { grantVault } from './grant';
import { readBack } from './read-back';
import { secretVault } from './secret';
import { suspectNotes } from './suspects';
import { clientNotes, DRIVER, migrations } from './tables';
import { requireCarriable, requireTitle } from './text';
import { usesIn } from './use';

export interface CommanderVault extends Vault {
  readonly counts: CommandCounts;
}

export async function createCommanderVault(
  options: Omit<CommanderOptions, 'clock'> & {
    database: Database;
    clock: Clock;
    /** Of Commander's host, an IANA name. @default UTC, as in its container */
    timeZone?: string | undefined;
    /** An operator says that it is the vault of before, whatever has become of what was in it. @default false */
    isRestated?: boolean | undefined;
  },
): Promise<CommanderVault> {
  const { database, clock, timeZone = 'UTC' } = options;
  await database.migrateDriver(DRIVER, migrations);
  const client = createCommanderClient(options);
  const notes = clientNotes(database);
  if (options.isRestated) await notes.forgetMade();
  const account = createAccount({ client, clock, timeZone, notes });
  const suspects = suspectNotes({ database, clock });
  const within = (call: Call): Context => ({ call, client, account, notes, suspects, clock });
  return {
    ...capabilities,
    transactional: false,
    during(call) {
      const context = within(call);
      return {
        requireName: (of, name) => (of === 'application' ? requireTitle(name) : requireCarriable(name, 'name')),
        applications: applicationVault(context),
        grants: grantVault(context),
        devices: clientDeviceVault(context),
        gateways: gatewayVault(context),
        secrets: secretVault(context),
      };
    },
    readBack: (call, intent) => readBack(within(call), intent),
    suspects,
    usesIn: (call, applicationId, ids, fresh) => usesIn(within(call), applicationId, ids, fresh),
    async health() {
      await client.health();
      account.requireSame();
      account.requireTimes();
    },
    deviceApi: () => null,
    close: async () => undefined,
    counts: client.counts,
  };
}
