/** Whether the service of a data folder can work, as orchestrators ask. */
import { CommandError, reasonOf } from './command-error';
import { readServiceNote, type ServiceNote } from './service-note';

const ANSWER_TIMEOUT_MS = 8_000;

/** @throws CommandError: no service, no answer, or the reason that it gives */
export async function requireReady(dataDir: string): Promise<ServiceNote> {
  const note = await readServiceNote(dataDir);
  const { status, text } = await ask(`${note.endpoint}/readyz`);
  if (status === 200) return note;
  throw new CommandError(`The service at ${note.endpoint} is not ready: ${detailOf(text) ?? `it answers ${status}`}`);
}

/**
 * The certificate is not checked: it may be the operator's own, for the name that others use. Nothing secret is sent,
 * and the note says where to ask, in a file that the service's user alone may write.
 */
async function ask(url: string): Promise<{ status: number; text: string }> {
  const secure = url.startsWith('https:');
  const { get } = secure ? await import('node:https') : await import('node:http');
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(new CommandError(`${url} gives no answer: ${reasonOf(error)}.`));
    const options = { timeout: ANSWER_TIMEOUT_MS, ...(secure ? { rejectUnauthorized: false } : {}) };
    const request = get(url, options, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk) => {
        text += chunk;
      });
      reply.on('error', failed);
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }));
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
    request.on('error', failed);
  });
}

function detailOf(text: string): string | undefined {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? detail : undefined;
  } catch {
    return undefined;
  }
}
