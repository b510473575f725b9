/**
 * Who may do what, in one place. Every operation names its action; what is not
 * in the table is nobody's. The scope is checked before a body is parsed, the
 * limits with the object at hand.
 */

import { KsmError } from '../../contract/errors';
import { matches } from '../pattern';
import { applicationNotFound } from '../vault/not-found';
import { type Caller, type Limits, type Principal, SCOPES, type Scope } from './caller';

/** The least scope of each action, and what else is asked of the principal. */
const RULES = {
  'info.read': { scope: 'read', needs: [] },
  'run.hold': { scope: 'read', needs: [] },
  'run.settle': { scope: 'read', needs: [] },
  'run.list': { scope: 'read', needs: [] },
  'application.list': { scope: 'read', needs: [] },
  'application.read': { scope: 'read', needs: ['application'] },
  'application.create': { scope: 'write', needs: ['name'] },
  'application.update': { scope: 'write', needs: ['application', 'name'] },
  'application.delete': { scope: 'write', needs: ['application'] },
  'grant.read': { scope: 'read', needs: ['application'] },
  'grant.put': { scope: 'write', needs: ['application', 'secret', 'editable'] },
  'grant.delete': { scope: 'write', needs: ['application', 'secret'] },
  'client_device.read': { scope: 'read', needs: ['application'] },
  'client_device.create': { scope: 'session', needs: ['application', 'ephemeral'] },
  'client_device.delete': { scope: 'session', needs: ['application', 'ephemeral'] },
  'gateway.read': { scope: 'read', needs: ['application'] },
  'gateway.create': { scope: 'write', needs: ['application'] },
  'gateway.update': { scope: 'write', needs: ['application'] },
  'gateway.delete': { scope: 'write', needs: ['application'] },
  'secret.read': { scope: 'read', needs: [] },
  'orphan.list': { scope: 'read', needs: [] },
  'orphan.revoke': { scope: 'write', needs: ['unlimited'] },
  'vault_content.read': { scope: 'write', needs: ['unlimited'] },
  'vault_content.write': { scope: 'write', needs: ['unlimited'] },
  'audit_event.list': { scope: 'admin', needs: [] },
  'api_token.list': { scope: 'admin', needs: [] },
  'api_token.create': { scope: 'admin', needs: ['token'] },
  'api_token.delete': { scope: 'admin', needs: [] },
} as const satisfies Record<string, { scope: Scope; needs: readonly Need[] }>;

type Need = 'application' | 'name' | 'secret' | 'editable' | 'ephemeral' | 'unlimited' | 'token';

export type Action = keyof typeof RULES;

/** What is asked: an action and the object that its rule looks at. A rule that misses its object refuses. */
export interface Demand {
  readonly action: Action;
  /** The application that it is done to or in. */
  readonly applicationId?: string | undefined;
  /** The name that an application is to get. */
  readonly name?: string | undefined;
  readonly secretUid?: string | undefined;
  readonly editable?: boolean | undefined;
  /** A device for one run alone, of this principal's own. */
  readonly ephemeral?: boolean | undefined;
  /** Id of what it is done to, where that is neither the application nor a grant: the audit event of a refusal has it. */
  readonly target?: string | undefined;
  /** The token that is to be made. */
  readonly token?: { readonly scope: Scope; readonly limits: Limits; readonly expiresAt: number | null } | undefined;
}

/** What the vault has to tell for a limit: the name of an application, undefined if there is none. */
export type NameOf = (applicationId: string) => Promise<string | undefined>;

const atLeast = (scope: Scope, least: Scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(least);

/**
 * Whether the scope alone allows it: asked before a body is read.
 *
 * @throws KsmError `forbidden`
 */
export function admit(principal: Principal, action: Action): void {
  const { scope } = RULES[action];
  if (!atLeast(principal.scope, scope)) {
    throw forbidden(
      principal,
      `needs the scope "${scope}", and it has "${principal.scope}"`,
      `Use a token of that scope: ksm-iac token create --name NAME --scope ${scope}`,
    );
  }
}

/**
 * Whether the principal may do it to this object.
 *
 * @throws KsmError `forbidden`; `application_not_found` for an application that the principal may not know of
 */
export async function authorize(caller: Caller, demand: Demand, nameOf: NameOf): Promise<void> {
  const { principal } = caller;
  admit(principal, demand.action);
  for (const need of RULES[demand.action].needs) {
    await CHECKS[need](caller, demand, nameOf);
  }
}

type Check = (caller: Caller, demand: Demand, nameOf: NameOf) => void | Promise<void>;

const CHECKS: Record<Need, Check> = {
  async application({ principal }, { action, applicationId }, nameOf) {
    const id = given(applicationId, action, 'applicationId');
    if (principal.limits.applications === null) return;
    const name = await nameOf(id);
    if (name === undefined || !mayNameApplication(principal, name)) {
      const outside = name === undefined ? undefined : 'the application is outside the limits of the token';
      throw applicationNotFound(id, outside);
    }
  },
  name({ principal }, { action, name }) {
    if (mayNameApplication(principal, given(name, action, 'name'))) return;
    throw forbidden(
      principal,
      `is limited to applications named ${(principal.limits.applications ?? []).map((pattern) => JSON.stringify(pattern)).join(', ')}, and ${JSON.stringify(name)} is none of them`,
      'Use a token whose --applications have that name',
    );
  },
  secret({ principal }, { action, secretUid }) {
    if (maySeeSecret(principal, given(secretUid, action, 'secretUid'))) return;
    throw forbidden(principal, `is limited to other secrets than ${secretUid}`, 'Use a token whose --secrets have it');
  },
  editable({ principal }, { action, editable }) {
    if (!given(editable, action, 'editable') || principal.limits.secrets === null || principal.limits.allowEdit) return;
    throw forbidden(principal, 'may grant read-only alone', 'Use a token that was made with --allow-edit');
  },
  ephemeral({ principal }, { action, ephemeral }) {
    if (given(ephemeral, action, 'ephemeral') || atLeast(principal.scope, 'write')) return;
    throw forbidden(
      principal,
      `has the scope "${principal.scope}", which makes and ends its own ephemeral devices alone`,
      'Use a token of the scope "write"',
    );
  },
  unlimited({ principal }) {
    if (isUnlimited(principal.limits)) return;
    throw forbidden(
      principal,
      'is limited to some applications or secrets, and this needs a token without limits',
      'Use one that has none',
    );
  },
  token({ principal, tokenExpiresAt }, { action, token }) {
    const wanted = given(token, action, 'token');
    if (!atLeast(principal.scope, wanted.scope) || !covers(principal.limits, wanted.limits)) {
      throw forbidden(principal, 'may not make a token that is wider than itself', 'Make a narrower one');
    }
    if (tokenExpiresAt !== null && (wanted.expiresAt === null || wanted.expiresAt > tokenExpiresAt)) {
      throw forbidden(
        principal,
        `ends at ${new Date(tokenExpiresAt).toISOString()} and may not make a token that lives longer`,
        'Give --expires-in-days or --expires-in-minutes',
      );
    }
  },
};

/** A demand without what its rule looks at is a mistake of ours, and refused rather than let through. */
function given<T>(value: T | undefined, action: Action, member: string): T {
  if (value === undefined) throw new TypeError(`The demand ${action} has no ${member}`);
  return value;
}

export const isUnlimited = (limits: Limits): boolean => limits.applications === null && limits.secrets === null;

/** What lists of applications are narrowed to; null: nothing. */
export const applicationPatterns = ({ limits }: Principal): readonly string[] | null => limits.applications;

/** What lists of secrets are narrowed to; null: nothing. */
export const visibleSecrets = ({ limits }: Principal): readonly string[] | null => limits.secrets;

export function mayNameApplication({ limits }: Principal, name: string): boolean {
  return limits.applications === null || limits.applications.some((pattern) => matches(pattern, name));
}

export function maySeeSecret({ limits }: Principal, uid: string): boolean {
  return limits.secrets === null || limits.secrets.includes(uid);
}

/** A grant without the title of a secret that the principal may not see. */
export function grantFor<T extends { secretUid: string; title: string | null }>(principal: Principal, grant: T): T {
  return maySeeSecret(principal, grant.secretUid) ? grant : { ...grant, title: null };
}

/** Whether everything that `narrower` allows is allowed by `wider`. */
function covers(wider: Limits, narrower: Limits): boolean {
  const patterns = wider.applications;
  const secrets = wider.secrets;
  const applications =
    patterns === null ||
    (narrower.applications?.every((wanted) =>
      patterns.some((pattern) => pattern === wanted || matches(pattern, wanted)),
    ) ??
      false);
  const uids = secrets === null || (narrower.secrets?.every((uid) => secrets.includes(uid)) ?? false);
  const edit = secrets === null || wider.allowEdit || !narrower.allowEdit;
  return applications && uids && edit;
}

/** @param cure without its end mark: nobody has to make a token that may more than is needed */
function forbidden(principal: Principal, why: string, cure: string): KsmError {
  return new KsmError('forbidden', `The API token "${principal.name}" ${why}. ${cure}.`, { refusal: why });
}
