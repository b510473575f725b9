import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ITEM_ID_PATTERN } from '../../contract/limits';
import type { Caller } from '../operations/caller';
import type { Action, Demand } from '../operations/policy';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route does, by which the policy judges it; every route below `/v1` that is not public declares it. */
    action?: Action;
  }
}

/**
 * By the route alone, after the authentication and before a body is read: what a caller may not do costs the
 * service no parsing, and tells nothing of what a valid body would be. A route that declares nothing is refused when
 * the app is built.
 *
 * @param admit rejects with `forbidden` what the scope of the caller does not cover
 */
export function authorise(app: FastifyInstance, admit: (caller: Caller, demand: Demand) => Promise<void>): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.action === undefined && !config?.public) {
      throw new TypeError(`The route ${method} ${url} declares neither an action of the policy nor that it is public`);
    }
  });
  app.addHook('onRequest', async ({ id, authenticated, params, routeOptions }: FastifyRequest) => {
    const { action, public: isPublic } = routeOptions.config;
    if (isPublic) {
      return;
    }
    if (!authenticated || action === undefined) {
      throw new TypeError(`The route ${routeOptions.url} is not below the authentication, or declares no action`);
    }
    await admit({ ...authenticated, requestId: id }, { action, target: targetOf(params) });
  });
}

const ITEM_ID = new RegExp(ITEM_ID_PATTERN);

/** What the path names; nothing in it was validated yet. */
function targetOf(params: unknown): string | undefined {
  const id = Object.values(params as Record<string, string>).join('/');
  return ITEM_ID.test(id) ? id : undefined;
}
