/** What is in applications: of the one that `--application` names, or of all that the token may see. */
import type { Command } from 'commander';
import type { KsmClient } from '../../contract/client';
import { isKsmError } from '../../contract/errors';
import { UID_PATTERN } from '../../contract/limits';
import type { Application } from '../../contract/types';
import { CommandError } from './command-error';
import { concurrently } from './concurrently';
import { type ListOptions, listOptions, withService } from './with-service';

export interface ApplicationOptions {
  application?: string;
}

/** Enough to hide the round trip; more would only wait in the service. */
const PARALLEL_APPLICATIONS = 8;

/** Adds `--application`, and what every list has. */
export function applicationOptions(command: Command, what: string): Command {
  return listOptions(command.option('--application <uid|name>', what));
}

/** By UID, or else by its exact name, which no other application has. A name may look like a UID. */
export async function findApplication(client: KsmClient, wanted: string): Promise<Application | undefined> {
  if (new RegExp(UID_PATTERN).test(wanted)) {
    const found = await unlessMissing(client.getApplication(wanted));
    if (found) return found;
  }
  return client.findApplication(wanted);
}

/** @throws CommandError that says what was looked for */
export function noApplication(wanted: string): CommandError {
  return new CommandError(
    `There is no application with the UID or the name ${JSON.stringify(wanted)}, or this token may not see it. ksm-iac application list shows them.`,
  );
}

/** What `list` finds in each application, with the names of the applications by UID. */
export function inApplications<T>(
  options: ListOptions & ApplicationOptions,
  list: (client: KsmClient, applicationId: string) => Promise<T[]>,
): Promise<{ items: T[]; names: ReadonlyMap<string, string> }> {
  return withService(options, async (client) => {
    const applications = await applicationsOf(client, options.application);
    const lists = await concurrently(applications, PARALLEL_APPLICATIONS, ({ id }) => unlessMissing(list(client, id)));
    return {
      items: lists.flatMap((items) => items ?? []),
      names: new Map(applications.map(({ id, name }) => [id, name])),
    };
  });
}

async function applicationsOf(client: KsmClient, wanted: string | undefined): Promise<Application[]> {
  if (wanted === undefined) return client.listApplications();
  const found = await findApplication(client, wanted);
  if (!found) throw noApplication(wanted);
  return [found];
}

/** Undefined when somebody has deleted it meanwhile. */
async function unlessMissing<T>(reply: Promise<T>): Promise<T | undefined> {
  try {
    return await reply;
  } catch (error) {
    if (isKsmError(error, 'application_not_found')) return undefined;
    throw error;
  }
}
