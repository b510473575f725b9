/**
 * Every action that an audit event may name, `<noun>.<verb>`, and when: a closed
 * list, which a test holds equal to docs/service.md. An event of something that
 * was refused names the action of the policy (policy.ts) that refused it.
 */
export const AUDIT_ACTIONS = {
  'application.create': 'an application was made',
  'application.update': 'it was renamed',
  'application.adopt': 'a later run took over what an earlier one of the same principal had left',
  'application.delete': 'it was deleted; what went with it has events of its own',
  'application.revoke': 'it was ended for its run, which was settled without it or lapsed, or by orphans revoke',
  'grant.create': 'a shared folder or record was granted',
  'grant.update': 'its permission was changed',
  'grant.adopt': 'another declaration took the grant over as it was',
  'grant.delete': 'it was taken back, or went with its application',
  'grant.revoke': 'it was ended for its run, which was settled without it or lapsed, or by orphans revoke',
  'client_device.create': 'a device was made, and its credential handed out',
  'client_device.bind': 'a device redeemed its one-time token; refused: it could not',
  'client_device.use': 'it was used for the first time with a configuration that the service had bound',
  'client_device.delete': 'it was revoked, or went with its application',
  'client_device.revoke': 'it was ended for its run, which was settled without it or lapsed, or by orphans revoke',
  'client_device.end': 'it ended by itself, unused; the reason says why',
  'client_device.access': 'refused: a device that had redeemed its token asked for something; the reason says why not',
  'gateway.create': 'a gateway was made, and its credential handed out',
  'gateway.bind': 'a gateway redeemed its one-time token; refused: it could not',
  'gateway.use': 'it was used for the first time with a configuration that the service had bound',
  'gateway.update': 'it was renamed',
  'gateway.delete': 'it was revoked, or went with its application',
  'gateway.revoke': 'it was ended for its run, which was settled without it or lapsed, or by orphans revoke',
  'gateway.end': 'it ended by itself, unused; the reason says why',
  'gateway.access': 'refused: a gateway that had redeemed its token asked for something; the reason says why not',
  'operation.suspected':
    'the reply of a vault over a network was lost, and nobody can tell whether this is what it made: listed by orphans list',
  'folder.create': 'a folder was loaded into the vault',
  'folder.update': 'it was loaded again',
  'folder.delete': 'it was deleted, with its grants and everything in it',
  'record.create': 'a record was loaded into the vault',
  'record.update': 'it was loaded again',
  'record.delete': 'it was deleted, with its grants',
  'api_token.create': 'an API token was made',
  'api_token.delete': 'it was revoked',
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
