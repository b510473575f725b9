import { type CallContext, defaultsOf, type Schema, stringOf } from '../framework';
import { createdAt, id, nameValidators } from './private/attributes';
import { isUid, malformedImportId } from './private/import-id';
import type { KsmResource } from './private/ksm-resource';
import { applicationsNamed, only } from './private/lookup';
import { movedApplication } from './private/moved-application';
import type { KsmSession } from './private/session';
import { gone } from './private/there';

const schema: Schema = {
  version: 0,
  description:
    'A Keeper Secrets Manager application: what secrets are granted to, and what client devices and gateways belong to.',
  attributes: {
    id: id('UID of the application, 22 characters'),
    name: {
      type: 'string',
      required: true,
      description: 'Name of the application, 1 to 255 characters, unique in the vault. Changes in place.',
      validators: nameValidators,
    },
    force_destroy: {
      type: 'bool',
      optional: true,
      computed: true,
      default: false,
      description:
        'Whether to destroy the application together with grants, client devices and gateways that this configuration does not manage. Default: `false`, which refuses and lists them. It counts as last applied: apply it before destroying. Changes in place.',
    },
    created_at: createdAt('application'),
  },
};

export const application: KsmResource = {
  typeName: 'ksm_application',
  noun: 'application',
  attributeOfField: { name: 'name' },
  schema,
  identity: {
    version: 0,
    attributes: { id: { type: 'string', description: 'UID of the application.', importing: 'required' } },
    importId: (identity) => stringOf(identity, 'id'),
  },

  async create({ planned, session, call }) {
    const name = stringOf(planned, 'name');
    const made = await session.create(call, (client) => client.createApplication({ name }));
    return { state: { ...planned, id: made.id, created_at: made.createdAt } };
  },

  async read({ state, session, call }) {
    const found = await session.snapshot(stringOf(state, 'id'), call);
    if (!found) return null;
    return { state: { ...state, name: found.name, created_at: found.createdAt ?? state.created_at ?? null } };
  },

  async update({ prior, planned, session, call }) {
    const uid = stringOf(prior, 'id');
    const name = stringOf(planned, 'name');
    if (!(await session.snapshot(uid, call))) throw gone('application', uid);
    if (name !== prior.name) await session.changeIn(uid, call, (client) => client.updateApplication(uid, { name }));
    return { state: planned };
  },

  async delete({ state, session, call }) {
    const uid = stringOf(state, 'id');
    // Null in a state that is older than the attribute, or was edited: the default.
    const force = state.force_destroy === true;
    await session.removeApplication(uid, call, { force });
  },

  async import({ id: text, session, call }) {
    const uid = text.startsWith(BY_NAME) ? await uidOf(text.slice(BY_NAME.length), session, call) : text;
    if (uid === undefined) return null;
    if (!isUid(uid)) throw malformedImportId(uid, 'the UID of an application, 22 characters, or name=<its name>');
    const found = await session.snapshot(uid, call);
    if (!found) return null;
    return { state: { ...defaultsOf(schema), id: found.id, name: found.name, created_at: found.createdAt } };
  },

  move: async (request) => movedApplication(schema, request),
};

const BY_NAME = 'name=';

async function uidOf(name: string, session: KsmSession, call: CallContext): Promise<string | undefined> {
  const named = await applicationsNamed(session, name, call);
  if (named.length === 0) return undefined;
  const wanted = { noun: 'application', attribute: 'name', text: name, command: 'ksm-iac application list' };
  return only(named, ({ id: uid }) => uid, 'id', wanted).id;
}
