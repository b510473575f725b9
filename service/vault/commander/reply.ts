/** What Commander answers. A status and a "success" prove nothing: each command has its own sentence or its own JSON. */

/** A command that was run. Its texts may carry a token: never logged, never in an error unless it is known to be none. */
export interface Reply {
  readonly status: number;
  /** Lines, without empty ones. */
  readonly message: readonly string[];
  readonly error: string | undefined;
  readonly data: unknown;
}

export function readReply(status: number, body: unknown): Reply {
  const facts = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const { message, error, data } = facts;
  return {
    status,
    message: (Array.isArray(message) ? message : message === undefined || message === null ? [] : [message])
      .map(String)
      .filter((line) => line !== ''),
    error: typeof error === 'string' ? withoutColours(error) : undefined,
    data: data ?? undefined,
  };
}

/** What `sync-down` says when it is done. */
export const SYNCED = 'Vault synchronized successfully';

/** Whether one of its lines begins so: the command's own sentence. */
export const says = ({ message }: Reply, sentence: string): boolean =>
  message.some((line) => line.startsWith(sentence));

/** What a reply says went wrong, for a look at its words; empty when it says nothing. */
export const complaint = ({ error, message, data }: Reply): string =>
  [error, ...message, errorIn(data)].filter((text) => text !== undefined).join(' ');

function errorIn(data: unknown): string | undefined {
  const error = typeof data === 'object' && data !== null && 'error' in data ? data.error : undefined;
  return typeof error === 'string' ? error : undefined;
}

const withoutColours = (text: string) => text.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
