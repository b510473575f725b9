/** An application that is deleted while what it has is being deleted: its UID may be text in a configuration. */
import type { IncomingMessage } from 'node:http';
import { alteredReplies } from './altered-replies';
import { type RealService, realService } from './real-service';
import { type Stored, Terraform } from './terraform';

let service: RealService;
beforeAll(async () => {
  service = await realService();
});
afterAll(() => service.close());

let names = 0;
async function stack(terraform: Terraform): Promise<{ app: Stored; device: Stored }> {
  const app = await terraform.apply('ksm_application', { name: `app ${names++}` });
  return { app, device: await terraform.apply('ksm_client_device', { application_id: app.state.id!, name: 'ci' }) };
}
const isDeviceDeletion = ({ method, url }: IncomingMessage) => method === 'DELETE' && url!.includes('/devices/');

test('waits for them', async () => {
  const line = await alteredReplies(service.endpoint, {
    delay: (request) => (isDeviceDeletion(request) ? 800 : 0),
  });
  try {
    const terraform = new Terraform({ endpoint: line.endpoint, token: service.token });
    const { app, device } = await stack(terraform);
    await terraform.process(async (server) => {
      const remove = (stored: Stored) =>
        terraform.changeIn(server, stored.typeName, stored.state, null, null, stored.private);
      await Promise.all([remove(device), remove(app)]);
    });
    expect(await terraform.refresh(app)).toBeUndefined();
  } finally {
    await line.close();
  }
});

test('is refused at once where this process deletes nothing of it', async () => {
  const terraform = new Terraform({ endpoint: service.endpoint, token: service.token });
  const { app } = await stack(terraform);
  const before = service.requests.length;
  await expect(terraform.destroy(app)).rejects.toThrow(/application_not_empty/);
  expect(service.requests.slice(before).filter((line) => line.startsWith('DELETE'))).toHaveLength(1);
});
