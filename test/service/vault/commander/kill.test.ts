/**
 * The service killed at random between intent, vault and outcome, with the real Commander going on: whoever asks again
 * with its key gets one device, whose token works; what nobody can tell is said to be suspected. KSM_IAC_COMMANDER_KILLS makes it longer,
 * KSM_IAC_COMMANDER_KILL_SEED repeats the choices.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Commander, commanderOptions, describeCommander } from '../../../commander/commander';
import { TestService } from '../../../support/service';
import { Random } from '../../fuzz/random';

const KILLS = Number(process.env.KSM_IAC_COMMANDER_KILLS ?? 8);
const SEED = Number(process.env.KSM_IAC_COMMANDER_KILL_SEED ?? 20_261_126);
const AT_ONCE = 3;

describeCommander('a service that is killed again and again before Keeper Commander', () => {
  let commander: Commander;
  let service: TestService;
  beforeAll(async () => {
    commander = await Commander.start({ gateway_cache_seconds: 0 });
    service = await TestService.start(commanderOptions(commander.url), {
      KSM_IAC_COMMANDER_API_KEY: commander.apiKey,
    });
  }, 240_000);
  afterAll(async () => {
    await service.dispose();
    await commander.stop();
  });

  /** Undefined: the service ended meanwhile, or says to ask again. */
  function create(path: string, name: string, key: string): Promise<Record<string, string> | undefined> {
    return new Promise((resolve, reject) => {
      const body = JSON.stringify({ name });
      const asking = request(
        `${service.endpoint}${path}`,
        {
          method: 'POST',
          agent: false,
          ca: readFileSync(service.caCertificateFile),
          headers: {
            authorization: `Bearer ${service.token}`,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'idempotency-key': key,
          },
        },
        (reply) => {
          let text = '';
          reply.setEncoding('utf8').on('data', (piece) => {
            text += piece;
          });
          reply.on('error', () => resolve(undefined));
          reply.on('end', () => {
            if (reply.statusCode === 201) return resolve(JSON.parse(text));
            if (reply.statusCode === 409 || reply.statusCode === 503) return resolve(undefined);
            reject(new Error(`${reply.statusCode} ${text}`));
          });
        },
      );
      asking.on('error', () => resolve(undefined));
      asking.end(body);
    });
  }

  async function suspected(): Promise<string[]> {
    const events = await service.client().listAuditEvents({ action: 'operation.suspected', limit: 500 });
    return events.map(({ name }) => name!);
  }

  async function insist(path: string, name: string, key: string): Promise<Record<string, string>> {
    for (;;) {
      const made = await create(path, name, key);
      if (made) return made;
      await sleep(100);
    }
  }

  test(
    `${KILLS} kills of the seed ${SEED}: one device for each key, and every token of it works`,
    async () => {
      const { id } = await insist('/v1/applications', 'payments', newKey());
      const devices = `/v1/applications/${id}/devices`;
      const random = new Random(SEED);
      const made = new Map<string, Record<string, string>>();
      let interrupted = 0;
      for (let kill = 0; kill < KILLS; kill++) {
        const asked = Array.from({ length: AT_ONCE }, (_, number) => ({ name: `${kill}.${number}`, key: newKey() }));
        const first = asked.map(({ name, key }) => create(devices, name, key));
        await sleep(random.next() * 600);
        await service.end('SIGKILL');
        interrupted += (await Promise.all(first)).filter((answer) => answer === undefined).length;
        await service.restart();
        for (const { name, key } of asked) made.set(name, await insist(devices, name, key));
      }
      expect(interrupted).toBeGreaterThan(0);
      // Killed after it had sent a command, and before it had the id of the request, it cannot know whose the device is
      // that is there: that one is said to be suspected, and another was made.
      const [application] = await commander.applications();
      const known = new Set([...made.values()].map(({ clientId }) => clientId));
      const others = application!.clients.filter((client) => !known.has(client.id)).map(({ name }) => name);
      expect(application!.clients).toHaveLength(known.size + others.length);
      expect(made.size).toBe(KILLS * AT_ONCE);
      expect(others.sort()).toEqual((await suspected()).filter((name) => others.includes(name)).sort());
      process.stderr.write(`${KILLS} kills: ${interrupted} interrupted, ${others.length} suspected\n`);
      for (const [name, { oneTimeToken, clientId }] of made) {
        const redeemed = await commander.control('redeem', { token: oneTimeToken });
        expect([name, redeemed.client]).toEqual([name, clientId]);
      }
    },
    240_000 + KILLS * 15_000,
  );
});

const newKey = () => randomBytes(32).toString('base64url');
