import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { parseAdvertisedAddress } from '../../../service/host/advertised-address';
import { ask, start, type Temporary, temporaryFolder } from '../running-service';

let temporary: Temporary;
beforeEach(() => {
  temporary = temporaryFolder();
});
afterEach(() => temporary.remove());

test('devices are told the advertised address, by every start from then on, and the certificate names it', async () => {
  const first = await start(temporary.folder, { advertise: 'ksm.example.com:8443' });
  expect(first.deviceApi?.hostname).toBe('ksm.example.com:8443');
  await first.stop();

  const second = await start(temporary.folder);
  try {
    expect((await ask(second, 'GET', '/v1/device-api')).json.hostname).toBe('ksm.example.com:8443');
    const app = await ask(second, 'POST', '/v1/applications', { body: JSON.stringify({ name: 'a' }) });
    const device = await ask(second, 'POST', `/v1/applications/${app.json.id}/devices`, {
      body: JSON.stringify({ name: 'd' }),
    });
    expect(device.json.hostname).toBe('ksm.example.com:8443');
    const { hostname, port } = new URL(second.endpoint);
    const socket = connect({
      host: hostname,
      port: Number(port),
      servername: 'ksm.example.com',
      ca: readFileSync(second.caCertificateFile!),
    });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    expect(socket.authorized).toBe(true);
    socket.destroy();
  } finally {
    await second.stop();
  }

  const third = await start(temporary.folder, { advertise: '[2001:db8::1]:443' });
  await third.stop();
  expect(third.deviceApi?.hostname).toBe('[2001:db8::1]:443');
});

test('a free port is told as it is, and not kept', async () => {
  const first = await start(temporary.folder);
  await first.stop();
  const second = await start(temporary.folder);
  await second.stop();
  expect(second.deviceApi?.hostname).toBe(new URL(second.endpoint).host);
});

test('a port that was asked for is kept: a later start on another one tells the first', async () => {
  const free = await start(temporary.folder);
  await free.stop();
  const { host } = new URL(free.endpoint);
  const first = await start(temporary.folder, { listen: host });
  await first.stop();
  const second = await start(temporary.folder);
  await second.stop();
  expect(second.deviceApi?.hostname).toBe(host);
  const third = await start(temporary.folder, { advertise: null });
  await third.stop();
  expect(third.deviceApi?.hostname).toBe(new URL(third.endpoint).host);
});

test('a start that fails since the port is taken is not remembered', async () => {
  const other = temporaryFolder();
  const taken = await start(other.folder);
  try {
    const { host } = new URL(taken.endpoint);
    await expect(start(temporary.folder, { listen: host })).rejects.toMatchObject({ code: 'address_in_use' });
    await expect(start(temporary.folder, { listen: host, advertise: 'ksm.example.com:1' })).rejects.toThrow();
    const service = await start(temporary.folder);
    await service.stop();
    expect(service.deviceApi?.hostname).toBe(new URL(service.endpoint).host);
  } finally {
    await taken.stop();
    other.remove();
  }
});

test.each(['ksm.example.com', 'ksm.example.com:0', '0.0.0.0:8443', '[::]:1', 'a b:1', 'https://x:1', 'x/y:1', ''])(
  '%j is nothing to advertise',
  (text) => expect(() => parseAdvertisedAddress(text)).toThrow(/expected host:port as devices reach it/),
);
