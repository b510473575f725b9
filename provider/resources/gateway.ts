import { defaultsOf, type Schema, stringOf } from '../framework';
import * as attributes from './private/attributes';
import { issuedValues, reportedValues } from './private/client';
import { credentialValues, issueInput } from './private/credential';
import * as credential from './private/credential-attributes';
import { warnAtCreation, warnAtPlan } from './private/editable-grant';
import { gatewayBy, gatewayIdentity, gatewayOf, pathPartOf } from './private/gateway-reference';
import { isClientId, isUid, splitImportId } from './private/import-id';
import type { KsmResource } from './private/ksm-resource';
import { planClient } from './private/reissue';
import { gone, notThere } from './private/there';

const noun = 'gateway';

const schema: Schema = {
  version: 0,
  description:
    'A Keeper Gateway: the agent that rotates and discovers credentials. Creating it issues a one-time token for its installation, or a finished configuration for its container. Its application needs the shared folder of its resources granted with `editable = true`, before the gateway is made: without such a grant it can do nothing, and a warning says so. A gateway is never locked to an IP address, and its access never ends by itself.',
  attributes: {
    id: attributes.id(
      '`<application UID>/<client id>`; of an imported one whose client id is not known, `<application UID>/<gateway UID>`',
    ),
    application_id: attributes.applicationId,
    name: {
      type: 'string',
      required: true,
      requiresReplace: (prior) => prior.gateway_uid === null,
      description:
        'Name of the gateway, 1 to 255 characters. Changes in place once the gateway has initialised; before that, a change replaces.',
      validators: attributes.nameValidators,
    },
    initialization: credential.initialization('The container image takes a configuration as `GATEWAY_CONFIG`.'),
    token_expires_in_minutes: credential.tokenExpiresInMinutes,
    reissue: credential.reissue('`expired`: the same, since the access of a gateway has no end.'),
    rotation_triggers: credential.rotationTriggers,
    seal_to_public_key: credential.sealToPublicKey,
    client_id: attributes.clientId('gateway'),
    hostname: credential.hostname,
    one_time_token: credential.oneTimeToken('gateway'),
    config: credential.config('gateway'),
    sealed_one_time_token: credential.sealedOneTimeToken,
    sealed_config: credential.sealedConfig,
    created_at: attributes.createdAt('gateway'),
    token_expires_at: credential.tokenExpiresAt,
    gateway_uid: {
      type: 'string',
      computed: true,
      description: 'UID of the gateway; null until it has initialised, which a later refresh finds out.',
    },
  },
};

export const gateway: KsmResource = {
  typeName: 'ksm_gateway',
  noun,
  attributeOfField: {
    applicationId: 'application_id',
    name: 'name',
    initialization: 'initialization',
    tokenExpiresInMinutes: 'token_expires_in_minutes',
    sealToPublicKey: 'seal_to_public_key',
  },
  schema,
  identity: gatewayIdentity,

  async modifyPlan(request) {
    const changes = await planClient(request, noun);
    if (!request.creates) return changes;
    const ungranted = await warnAtPlan(request.planned, request.session, request.call);
    return { ...changes, warnings: [...(changes.warnings ?? []), ...ungranted] };
  },

  async create({ planned, session, call }) {
    const application = stringOf(planned, 'application_id');
    const warnings = await warnAtCreation(planned, session, call);
    const made = await session.createIn(application, call, (client) =>
      client.createGateway(application, {
        name: stringOf(planned, 'name'),
        ...issueInput(planned),
      }),
    );
    return {
      state: { ...planned, ...issuedValues(made), ...credentialValues(made), gateway_uid: made.gatewayUid },
      private: { lapsed: made.lapsed },
      warnings,
    };
  },

  async read({ state, session, call }) {
    const snapshot = await session.snapshot(stringOf(state, 'application_id'), call);
    if (!snapshot) return null;
    const unknown = session.unknownPart(snapshot, 'gateways');
    if (unknown) return { state, ...unknown };
    const found = gatewayOf(snapshot, state);
    if (!found) return null;
    return {
      state: {
        ...state,
        ...reportedValues(found, state),
        name: found.name,
        gateway_uid: found.gatewayUid ?? state.gateway_uid ?? null,
      },
      private: { lapsed: found.lapsed },
    };
  },

  async update({ prior, planned, session, call }) {
    const application = stringOf(planned, 'application_id');
    const name = stringOf(planned, 'name');
    const snapshot = await session.snapshot(application, call);
    if (!gatewayOf(snapshot, prior) && !snapshot?.unavailable.has('gateways')) throw gone(noun, stringOf(prior, 'id'));
    if (name !== prior.name) {
      const part = pathPartOf(prior);
      await session.changeIn(application, call, (client) => client.updateGateway(application, part, { name }));
    }
    return { state: planned };
  },

  async delete({ state, session, call }) {
    const application = stringOf(state, 'application_id');
    const part = pathPartOf(state);
    await session.removeIn(application, call, (client) => client.deleteGateway(application, part));
  },

  async import({ id, session, call }) {
    const { applicationId, part } = splitImportId(
      id,
      '<application UID>/<client id of 86 characters> or <application UID>/<gateway UID>',
      (text) => isClientId(text) || isUid(text),
    );
    const snapshot = await session.snapshot(applicationId, call);
    const found = gatewayBy(snapshot, part);
    if (!found) return notThere(snapshot, 'gateways', { noun, id });
    return {
      state: {
        ...defaultsOf(schema),
        ...issuedValues(found),
        application_id: applicationId,
        name: found.name,
        gateway_uid: found.gatewayUid,
      },
      private: { lapsed: found.lapsed },
    };
  },
};
