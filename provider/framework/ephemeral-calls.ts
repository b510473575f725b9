/** The three calls of an ephemeral resource. */
import type { CallContext } from './call';
import { refusal } from './diagnostic';
import type { EphemeralResourceDefinition } from './ephemeral-resource';
import { explainFailure, failedCall, sessionOf } from './failure';
import { deferred, inCall, type Known } from './known';
import { decodePrivate, encodePrivate } from './private-state';
import type { Session } from './provider';
import { asConfigured } from './read-data-source';
import type { EphemeralRequest, OpenOutcome, Outcome, ReadDataSourceRequest, RenewOutcome } from './server';
import type { ServerState } from './server-state';

const NOTHING = new Uint8Array(0);
type Ephemeral<S> = Known<EphemeralResourceDefinition<S>>;

export function openEphemeral<S extends Session>(
  server: ServerState<S>,
  { definition, subject }: Ephemeral<S>,
  request: ReadDataSourceRequest,
): Promise<OpenOutcome> {
  const { config } = request;
  return inCall(server, request, async (call) => {
    if (deferred(server, request)) {
      const result = asConfigured(definition.schema, config);
      return { result, private: NOTHING, deferred: true, diagnostics: [] };
    }
    try {
      const session = sessionOf(server);
      if (server.lifetime.stopped) throw stopped(subject.noun);
      const { result, renewAt, private: own, warnings = [] } = await definition.open({ config, session, call });
      return {
        result: asConfigured(definition.schema, config, result),
        renewAt: definition.renew ? renewAt : undefined,
        private: encodePrivate({ own }),
        diagnostics: warnings,
      };
    } catch (error) {
      const failed = failedCall({ action: 'open', subject }, call);
      return { result: null, private: NOTHING, diagnostics: explainFailure(server, error, failed) };
    }
  });
}

export function renewEphemeral<S extends Session>(
  server: ServerState<S>,
  { definition, subject }: Ephemeral<S>,
  request: EphemeralRequest,
): Promise<RenewOutcome> {
  return inCall(server, request, async (call) => {
    try {
      const { own } = decodePrivate(definition, subject, request.private);
      const renewed = await definition.renew?.({ private: own, session: sessionOf(server), call });
      return {
        renewAt: renewed?.renewAt,
        private: encodePrivate({ own: renewed?.private ?? own }),
        diagnostics: renewed?.warnings ?? [],
      };
    } catch (error) {
      const failed = failedCall({ action: 'renew', subject }, call);
      return { private: request.private, diagnostics: explainFailure(server, error, failed) };
    }
  });
}

/** Also after an interrupt, which it must outlive: what was opened for this run alone ends with it. */
export function closeEphemeral<S extends Session>(
  server: ServerState<S>,
  { definition, subject }: Ephemeral<S>,
  request: EphemeralRequest,
): Promise<Outcome> {
  const close = async (call: CallContext): Promise<Outcome> => {
    try {
      const { own } = decodePrivate(definition, subject, request.private);
      const closed = await definition.close?.({ private: own, session: sessionOf(server), call });
      return { diagnostics: closed?.warnings ?? [] };
    } catch (error) {
      const failed = failedCall({ action: 'close', subject }, call);
      return { diagnostics: explainFailure(server, error, failed) };
    }
  };
  return inCall(server, request, close, { evenIfStopped: true });
}

function stopped(noun: string) {
  return refusal(
    `The ${noun} was not opened`,
    'Terraform was interrupted, and the provider was stopped before it was opened. Nothing was made; run the command again.',
  );
}
