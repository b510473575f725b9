import { writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { createAuthority, createServerCertificate, type KeyAndCertificate } from '../../../service/tls/certificate';
import { type ServedCertificate, serveCertificate } from '../../../service/tls/served-certificate';
import { start, type Temporary, temporaryFolder } from '../running-service';

const DAY = 86_400_000;
let temporary: Temporary;
beforeEach(() => {
  temporary = temporaryFolder();
});
afterEach(() => temporary.remove());

const servedAt = (endpoint: string) =>
  new Promise<PeerCertificate>((resolve, reject) => {
    const { hostname, port } = new URL(endpoint);
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });

/** The end of the certificate as /metrics tells it. */
const measuredAt = ({ endpoint }: { endpoint: string }) =>
  new Promise<number>((resolve, reject) => {
    get(`${endpoint}/metrics`, { rejectUnauthorized: false, agent: false }, async (reply) => {
      let text = '';
      for await (const chunk of reply) text += chunk;
      resolve(Number(/^ksm_iac_certificate_not_after_seconds (\S+)$/m.exec(text)?.[1]));
    }).on('error', reject);
  });

async function issue(now = Date.now()): Promise<KeyAndCertificate> {
  return createServerCertificate(await createAuthority(now), ['localhost', '127.0.0.1'], now);
}

test('replaced files are served after a reload; a pair that does not fit together leaves that of before', async () => {
  const files = { tlsCert: join(temporary.folder, 'cert.pem'), tlsKey: join(temporary.folder, 'key.pem') };
  const put = ({ certificate, key }: KeyAndCertificate) => {
    writeFileSync(files.tlsCert, certificate);
    writeFileSync(files.tlsKey, key);
  };
  put(await issue());
  const service = await start(join(temporary.folder, 'data'), files);
  try {
    const before = await servedAt(service.endpoint);
    const first = before.serialNumber;
    expect(await measuredAt(service)).toBe(Date.parse(before.valid_to) / 1000);
    // It ends a day earlier than the first.
    const second = await issue(Date.now() - DAY);
    writeFileSync(files.tlsCert, second.certificate);
    await service.reload();
    expect((await servedAt(service.endpoint)).serialNumber).toBe(first);
    put(second);
    await service.reload();
    const after = await servedAt(service.endpoint);
    expect(after.serialNumber).not.toBe(first);
    expect(after.valid_to).not.toBe(before.valid_to);
    expect(await measuredAt(service)).toBe(Date.parse(after.valid_to) / 1000);
  } finally {
    await service.stop();
  }
});

test('the local certificate is renewed while the service runs', async () => {
  let now = Date.now();
  const service = await start(temporary.folder, { clock: { now: () => now, monotonic: () => performance.now() } });
  try {
    const first = await servedAt(service.endpoint);
    now += 600 * DAY;
    await service.reload();
    expect((await servedAt(service.endpoint)).serialNumber).toBe(first.serialNumber);
    now += 100 * DAY;
    await service.reload();
    const renewed = await servedAt(service.endpoint);
    expect(Date.parse(renewed.valid_to)).toBeGreaterThan(now + 800 * DAY);
  } finally {
    await service.stop();
  }
});

test('from 30 days before its end the log warns once a day, and once of what cannot be served', async () => {
  let now = Date.now();
  const lines: string[] = [];
  const log = (_facts: object, text: string) => void lines.push(text);
  const { certificate: cert, key } = await issue(now);
  let broken = false;
  const served: ServedCertificate = await serveCertificate({
    load: () => {
      if (broken) throw new Error('gone');
      return { cert, key, caCertificateFile: null };
    },
    now: () => now,
    log: { info: log, warn: log, error: log } as never,
  });
  now = served.notAfter() - 31 * DAY;
  await served.reload();
  expect(lines).toEqual([]);
  now += 2 * DAY;
  await served.reload();
  await served.reload();
  expect(lines).toEqual([expect.stringContaining('the certificate ends soon')]);
  now += 40 * DAY;
  broken = true;
  await served.reload();
  await served.reload();
  expect(lines.slice(1)).toEqual([
    expect.stringContaining('was not reloaded'),
    expect.stringContaining('the certificate has ended'),
  ]);
});
