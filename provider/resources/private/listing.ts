/** `terraform query`: what there is of a resource, as an import would make it. */
import type { ApplicationPart } from '../../../contract/types';
import {
  type AttributeSchema,
  type CallContext,
  defaultsOf,
  type ListedItem,
  type ListResourceDefinition,
  type ObjectValue,
  optionalStringOf,
  type ResourceDefinition,
} from '../../framework';
import { uidValidator } from './attributes';
import type { Kept } from './kept';
import { knownPart, membersOf } from './members';
import type { KsmSession } from './session';
import type { Snapshot } from './snapshot';

type Resource = ResourceDefinition<KsmSession, Kept>;
type List = ListResourceDefinition<KsmSession>;

/** Something that exists, by the id that an import takes. */
interface Listed {
  readonly id: string;
  readonly displayName: string;
}

/** One of an application's kinds of members. */
export interface MemberList {
  /** What people call several of it, lower case. */
  readonly noun: string;
  readonly part: ApplicationPart;
  members(snapshot: Snapshot): Listed[];
}

/** What vanished between the list and the look at it is not listed. */
async function* imported(
  resource: Resource,
  { id, displayName }: Listed,
  inCall: { readonly session: KsmSession; readonly call: CallContext },
): AsyncGenerator<ListedItem> {
  const found = await resource.import({ id, ...inCall });
  if (found) yield { displayName, state: found.state };
}

export function applicationList(resource: Resource): List {
  return {
    typeName: resource.typeName,
    noun: 'applications',
    schema: { version: 0, description: 'All applications that the API token may see.', attributes: {} },

    async *list({ session, call }) {
      const all = await session.ask(call, (client) => client.listApplications());
      // The listing tells what an import would: nothing more is asked for each.
      for (const { id, name, createdAt } of all) {
        yield { displayName: name, state: { ...defaultsOf(resource.schema), id, name, created_at: createdAt } };
      }
    },
  };
}

const ofOneApplication: AttributeSchema = {
  type: 'string',
  optional: true,
  description: 'UID of the application whose members are wanted. Default: those of all applications.',
  validators: [uidValidator],
};

export function memberList(resource: Resource, { noun, part, members }: MemberList): List {
  return {
    typeName: resource.typeName,
    noun,
    schema: {
      version: 0,
      description: `The ${noun} of one application, or of all that the API token may see.`,
      attributes: { application_id: ofOneApplication },
    },

    async *list({ config, session, call }) {
      for await (const snapshot of applicationsOf(config, part, session, call)) {
        for (const { id, displayName } of members(snapshot)) {
          const named = { id, displayName: `${snapshot.name} / ${displayName}` };
          yield* imported(resource, named, { session, call });
        }
      }
    },
  };
}

/** One by one, so that a limit that is reached early asks for no more of them. */
async function* applicationsOf(
  config: ObjectValue,
  part: ApplicationPart,
  session: KsmSession,
  call: CallContext,
): AsyncGenerator<Snapshot> {
  if (optionalStringOf(config, 'application_id') !== undefined) {
    yield await membersOf(session, config, part, call);
    return;
  }
  for (const { id } of await session.ask(call, (client) => client.listApplications())) {
    const snapshot = await session.snapshot(id, call);
    if (snapshot) yield knownPart(snapshot, part);
  }
}
