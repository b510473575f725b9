import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KsmError } from '../../contract/errors';
import type { Principal } from '../operations/caller';

/** What a route asks of whoever calls it. */
export type Need = 'read' | 'session' | 'write' | 'admin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route below `/v1` declares it: one that does not is refused when the app is built. */
    needs?: Need;
  }
}

/**
 * By the route alone, after the authentication and before a body is read: what a caller may not do costs the
 * service no parsing, and tells nothing of what a valid body would be.
 */
export function authorise(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.needs === undefined) {
      throw new TypeError(`The route ${method} ${url} does not declare what it needs (config.needs)`);
    }
  });
  app.addHook('onRequest', async ({ principal, routeOptions }: FastifyRequest) => {
    const { needs } = routeOptions.config;
    if (!principal || needs === undefined) {
      throw new TypeError(`The route ${routeOptions.url} is not below the authentication, or declares no need`);
    }
    refuse(principal, needs);
  });
}

const RANK: Readonly<Record<Need, number>> = { read: 0, session: 1, write: 2, admin: 2 };

/** @throws KsmError `forbidden` unless the scope covers the need */
function refuse({ name, scope }: Principal, need: Need): void {
  if (RANK[scope] < RANK[need]) {
    throw new KsmError(
      'forbidden',
      `The API token "${name}" has the scope "${scope}", and this needs "write". Use another token.`,
    );
  }
}
