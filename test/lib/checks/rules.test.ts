/** Each rule of the table: a program that it finds, and nearly the same one that it does not. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { Resource } from '@cdktf/provider-null/lib/resource';
import {
  type App,
  DataResource,
  Fn,
  TerraformDataSource,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
} from 'cdktf';
import {
  GatewayInstallation,
  KsmApplication,
  type KsmCheckOptions,
  KsmProvider,
  SharedFolder,
  SharedFolderGrant,
} from 'cdktf-ksm';
import { RULES } from '../../../lib/private/checks/rules';
import { FOLDER_UID, newApp, RECORD_UID, SEAL_KEY } from '../private/stack';

const root = resolve(__dirname, '../../..');

interface World {
  readonly stack: TerraformStack;
  readonly application: KsmApplication;
}
type Program = (world: World) => void;

const folderOf = (stack: TerraformStack, id = 'secrets', uid = FOLDER_UID) => SharedFolder.fromUid(stack, id, uid);
const connection = { type: 'ssh', host: 'h' } as const;

/** By rule: what is found, and what is not. */
const CASES: Record<string, { bad: Program; good: Program; path: string; options?: KsmCheckOptions }> = {
  'unlocked-ip': {
    path: 'ci/app/d',
    bad: ({ application }) => application.addClientDevice('d', { name: 'd', ipLock: false }),
    good: ({ application }) => application.addClientDevice('d', { name: 'd', ipLock: false, initialization: 'config' }),
  },
  'no-access-expiry': {
    path: 'ci/app/d',
    bad: ({ application }) => application.addClientDevice('d', { name: 'd' }),
    good: ({ application }) => application.addClientDevice('d', { name: 'd', accessExpiresInMinutes: 60 }),
  },
  'long-token-life': {
    path: 'ci/app/d',
    bad: ({ application }) => application.addClientDevice('d', { name: 'd', tokenExpiresInMinutes: 241 }),
    good: ({ application }) => application.addClientDevice('d', { name: 'd', tokenExpiresInMinutes: 240 }),
  },
  'edit-grant': {
    path: 'ci/app/grant-secrets',
    bad: ({ stack, application }) => folderOf(stack).grantEdit(application),
    good: ({ stack, application }) => {
      folderOf(stack).grantEdit(application);
      application.addGateway('gw', { name: 'gw' });
    },
  },
  'gateway-without-edit-grant': {
    path: 'ci/app/gw',
    bad: ({ stack, application }) => {
      folderOf(stack).grantRead(application);
      application.addGateway('gw', { name: 'gw' });
    },
    good: ({ stack, application }) => {
      application.addGateway('gw', { name: 'gw' });
      folderOf(stack).grantEdit(application);
    },
  },
  'widely-granted': {
    path: 'ci/app/grant-secrets',
    options: { widelyGrantedMoreThan: 2 },
    bad: ({ stack, application }) => {
      const folder = folderOf(stack);
      for (const to of [application, ...apps(stack, 2)]) folder.grantRead(to);
    },
    good: ({ stack, application }) => {
      const folder = folderOf(stack);
      for (const to of [application, ...apps(stack, 1)]) folder.grantRead(to);
      folderOf(stack, 'other', RECORD_UID).grantRead(application);
    },
  },
  'token-in-output': {
    path: 'ci/token',
    bad: ({ stack, application }) => {
      new TerraformOutput(stack, 'token', {
        value: `is ${application.addClientDevice('d', { name: 'd' }).oneTimeToken}`,
      });
    },
    good: ({ application }) => application.addClientDevice('d', { name: 'd' }).exportToken('token'),
  },
  'token-in-triggers': {
    path: 'ci/consumer',
    bad: ({ stack, application }) =>
      new DataResource(stack, 'consumer', {
        triggersReplace: { t: application.addClientDevice('d', { name: 'd' }).oneTimeToken },
      }),
    good: ({ stack, application }) =>
      new DataResource(stack, 'consumer', {
        triggersReplace: { t: application.addClientDevice('d', { name: 'd' }).id },
      }),
  },
  'token-in-name': {
    path: 'ci/other',
    bad: ({ stack, application }) =>
      new KsmApplication(stack, 'other', { name: application.addClientDevice('d', { name: 'd' }).oneTimeToken }),
    good: ({ stack, application }) =>
      new KsmApplication(stack, 'other', { name: application.addClientDevice('d', { name: 'd' }).clientId }),
  },
  'token-in-data-input': {
    path: 'ci/data',
    bad: ({ stack, application }) =>
      new DataResource(stack, 'data', { input: { t: application.addClientDevice('d', { name: 'd' }).oneTimeToken } }),
    good: ({ stack, application }) =>
      new DataResource(stack, 'data', {
        input: { t: application.addClientDevice('d', { name: 'd', sealToPublicKey: SEAL_KEY }).sealedOneTimeToken },
      }),
  },
  'token-in-command': {
    path: 'ci/run',
    bad: ({ stack, application }) =>
      new DataResource(stack, 'run', {
        provisioners: [
          { type: 'local-exec', command: application.addGateway('g', { name: 'g' }).installCommand('linux') },
        ],
      }),
    good: ({ stack, application }) => {
      const gateway = application.addGateway('g', { name: 'g' });
      new DataResource(stack, 'run', {
        provisioners: [
          {
            type: 'local-exec',
            command: gateway.installCommand('linux', { tokenVariable: 'T' }),
            environment: { T: gateway.oneTimeToken },
          },
        ],
      });
    },
  },
  'token-across-stacks': {
    path: 'ci/app/d',
    bad: ({ stack, application }) => crossStack(stack, application.addClientDevice('d', { name: 'd' }).oneTimeToken),
    good: ({ stack, application }) => crossStack(stack, application.addClientDevice('d', { name: 'd' }).id),
  },
  'shared-token': {
    path: 'ci/two',
    bad: ({ stack, application }) => {
      const { oneTimeToken } = application.addClientDevice('d', { name: 'd' });
      for (const id of ['one', 'two']) consumer(stack, id, oneTimeToken);
    },
    good: ({ stack, application }) => {
      for (const id of ['one', 'two']) consumer(stack, id, application.addClientDevice(id, { name: id }).oneTimeToken);
    },
  },
  'duplicate-name': {
    path: 'ci/app/two',
    bad: ({ application }) => {
      for (const id of ['one', 'two']) application.addClientDevice(id, { name: 'same' });
    },
    good: ({ stack, application }) => {
      for (const to of [application, ...apps(stack, 1)]) to.addClientDevice('one', { name: 'same' });
    },
  },
  'duplicate-grant': {
    path: 'ci/two',
    bad: ({ stack, application }) => {
      for (const id of ['one', 'two'])
        new SharedFolderGrant(stack, id, { application, folder: folderOf(stack, `f-${id}`) });
    },
    good: ({ stack, application }) => {
      for (const id of ['one', 'two']) folderOf(stack, `f-${id}`).grantRead(application);
    },
  },
  'grant-after-device': {
    path: 'other/grant',
    bad: ({ stack, application }) => {
      application.addClientDevice('d', { name: 'd' });
      const other = new TerraformStack(stack.node.root as never, 'other');
      new SharedFolderGrant(other, 'grant', { application, folder: folderOf(other) });
    },
    good: ({ stack, application }) => {
      application.addClientDevice('d', { name: 'd' });
      folderOf(new TerraformStack(stack.node.root as never, 'other')).grantRead(application);
    },
  },
  'plain-provider-token': {
    path: 'ci/eu',
    bad: ({ stack }) => new KsmProvider(stack, 'eu', { alias: 'eu', token: 'canary' }),
    good: ({ stack }) => {
      const token = new TerraformVariable(stack, 'token', { type: 'string', sensitive: true }).stringValue;
      new KsmProvider(stack, 'eu', { alias: 'eu', token });
    },
  },
  'no-default-provider': {
    path: 'ci/app',
    bad: ({ stack }) => {
      stack.node.tryRemoveChild('ksm');
      new KsmProvider(stack, 'eu', { alias: 'eu' });
    },
    good: ({ stack }) => new KsmProvider(stack, 'eu', { alias: 'eu' }),
  },
  'unverified-host': {
    path: 'ci/installation',
    bad: ({ stack, application }) =>
      new GatewayInstallation(stack, 'installation', {
        gateway: application.addGateway('g', { name: 'g' }),
        connection,
      }),
    good: ({ stack, application }) =>
      new GatewayInstallation(stack, 'installation', {
        gateway: application.addGateway('g', { name: 'g' }),
        connection: { ...connection, hostKey: 'k' },
      }),
  },
  'installs-locally': {
    path: 'ci/installation',
    bad: ({ stack, application }) =>
      new GatewayInstallation(stack, 'installation', { gateway: application.addGateway('g', { name: 'g' }) }),
    good: ({ stack }) => {
      new NullProvider(stack, 'null');
      new Resource(stack, 'installation', {});
    },
  },
  'unsealed-in-state': {
    path: 'ci/app/d',
    options: { on: ['unsealed-in-state'] },
    bad: ({ application }) => application.addClientDevice('d', { name: 'd' }),
    good: ({ application }) => application.addClientDevice('d', { name: 'd', sealToPublicKey: SEAL_KEY }),
  },
};

function apps(stack: TerraformStack, count: number): KsmApplication[] {
  return Array.from({ length: count }, (_, i) => new KsmApplication(stack, `app-${i}`, { name: `app ${i}` }));
}

function crossStack(stack: TerraformStack, value: string): void {
  const other = new TerraformStack(stack.node.root as never, 'other');
  new TerraformOutput(other, 'value', { value, sensitive: true });
}

function consumer(stack: TerraformStack, id: string, token: string): void {
  new DataResource(stack, id, {
    provisioners: [{ type: 'local-exec', command: 'redeem', environment: { TOKEN: token } }],
  });
}

/** Of all stacks, as an app is synthesized: what crosses stacks is there only then. */
function findings(program: Program, options: KsmCheckOptions = {}) {
  const app = newApp();
  const stack = new TerraformStack(app, 'ci');
  new KsmProvider(stack, 'ksm');
  program({ stack, application: new KsmApplication(stack, 'app', { name: 'app' }) });
  return runOnAll(app, options);
}

function runOnAll(app: App, options: KsmCheckOptions) {
  const stacks = app.node.children.filter((child): child is TerraformStack => TerraformStack.isStack(child));
  for (const one of stacks) one.prepareStack();
  const { runOn } = jest.requireActual<typeof import('../../../lib/private/checks/run')>(
    '../../../lib/private/checks/run',
  );
  return runOn(stacks, app, options);
}

test('every rule has a case', () => {
  expect(Object.keys(CASES)).toEqual(RULES.map(({ id }) => id));
});

describe.each(Object.entries(CASES))('%s', (rule, { bad, good, path, options }) => {
  test('is found', () => {
    const found = findings(bad, options).filter((finding) => finding.rule === rule);
    expect(found.map((finding) => finding.path)).toEqual([path]);
    const { severity } = RULES.find(({ id }) => id === rule)!;
    expect(found[0]).toMatchObject({
      severity,
      cure: expect.stringMatching(/.\.$/),
      message: expect.stringMatching(/.\.$/),
    });
    expect(JSON.stringify(found)).not.toContain('canary');
  });

  test('is not found in what is right', () => {
    expect(findings(good, options).filter((finding) => finding.rule === rule)).toEqual([]);
  });
});

/** What the examples of the docs may name. */
function context() {
  const app = newApp();
  const stack = new TerraformStack(app, 'ci');
  new KsmProvider(stack, 'ksm');
  const otherStack = new TerraformStack(app, 'other');
  const application = new KsmApplication(stack, 'app', { name: 'app' });
  const folder = folderOf(stack);
  const install = (name: string, token: string) => consumer(stack, `install-${name}`, token);
  return {
    app,
    stack,
    otherStack,
    application,
    applications: apps(stack, 11),
    folder,
    install,
    connection,
    sealToPublicKey: SEAL_KEY,
  };
}
/** Made where an example names them alone, since each is itself something that rules look at. */
const MADE: Record<string, (parts: ReturnType<typeof context>) => unknown> = {
  device: ({ application }) => application.addClientDevice('device', { name: 'device' }),
  gateway: ({ application }) => application.addGateway('gateway', { name: 'gateway' }),
};
const CLASSES = { DataResource, TerraformOutput, GatewayInstallation, KsmApplication, KsmProvider, SharedFolderGrant };

function findingsOfExample(rule: string, example: string) {
  const parts = context();
  const made = Object.entries(MADE)
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(example))
    .map(([name, make]): [string, unknown] => [name, make(parts)]);
  const names = { ...parts, ...CLASSES, ...Object.fromEntries(made) };
  new Function(...Object.keys(names), example)(...Object.values(names));
  return runOnAll(parts.app, { on: ['unsealed-in-state'] }).filter((finding) => finding.rule === rule);
}

describe.each(RULES.map(({ id, bad, good }) => [id, bad, good] as const))('the example of %s', (rule, bad, good) => {
  test('is found, and the one beside it is not', () => {
    expect(findingsOfExample(rule, bad)).not.toEqual([]);
    expect(findingsOfExample(rule, good)).toEqual([]);
  });
});

test('every example compiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ksm-rules-'));
  try {
    const examples = RULES.flatMap(({ bad, good }) => [bad, good]);
    const program = [
      `import { DataResource, type SSHProvisionerConnection, TerraformOutput, type TerraformStack } from 'cdktf';`,
      `import { ${Object.keys(CLASSES).slice(2).join(', ')}, type ClientDevice, type Gateway, type ISharedFolder } from 'cdktf-ksm';`,
      'declare const stack: TerraformStack, otherStack: TerraformStack;',
      'declare const application: KsmApplication;',
      'declare const applications: KsmApplication[];',
      'declare const folder: ISharedFolder;',
      'declare const device: ClientDevice;',
      'declare const gateway: Gateway;',
      'declare const connection: SSHProvisionerConnection;',
      'declare const sealToPublicKey: string;',
      'declare function install(name: string, token: string): void;',
      ...examples.map((example) => `{ ${example}; }`),
    ];
    for (const name of ['lib', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
    writeFileSync(join(folder, 'examples.ts'), program.join('\n'));
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.dev.json'), 'utf8'));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['examples.ts'] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' }).stdout).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

test('the cure of a credential in a command is one that can be taken there', () => {
  const provisioner = (type: string, of: object) => [{ type, ...of }] as never;
  const cures = (program: Program) =>
    findings(program)
      .filter(({ rule }) => rule === 'token-in-command')
      .map(({ cure }) => cure);
  const device = ({ application }: World) => application.addClientDevice('d', { name: 'd' }).oneTimeToken;
  const gateway = ({ application }: World) => application.addGateway('g', { name: 'g' });
  const run = ({ stack }: World, type: string, of: object) =>
    new DataResource(stack, 'run', { provisioners: provisioner(type, of) });

  const [ofDevice] = cures((world) => run(world, 'local-exec', { command: `x ${device(world)}` }));
  expect(ofDevice).toBe(
    'Hand it over as DEVICE_ONE_TIME_TOKEN in the environment of the provisioner, and write "$DEVICE_ONE_TIME_TOKEN" in the command.',
  );
  const [remote] = cures((world) => run(world, 'remote-exec', { inline: [`x ${device(world)}`] }));
  expect(remote).toMatch(/^A remote script has no environment: .* file provisioner/);
  const [ofGateway] = cures((world) => run(world, 'local-exec', { command: gateway(world).installCommand('linux') }));
  expect(ofGateway).toMatch(/tokenVariable: "KSM_GATEWAY_TOKEN".*GatewayInstallation/);
  const [own] = cures((world) => {
    const one = gateway(world);
    new GatewayInstallation(world.stack, 'i', { gateway: one, command: `install ${one.oneTimeToken}` });
  });
  expect(own).toBe('The command finds it in its environment: write "$KSM_GATEWAY_TOKEN" in its place.');
});

test('what is opt-in is not run unless it is named', () => {
  expect(findings(CASES['unsealed-in-state']!.bad).map(({ rule }) => rule)).not.toContain('unsealed-in-state');
});

test('a token of each that forEach makes is a credential, too', () => {
  const found = findings(({ stack, application }) => {
    const device = application.addClientDevice('d', { name: 'd' });
    Object.assign(device.node.defaultChild as object, { count: 2 });
    new TerraformOutput(stack, 'tokens', { value: device.all('oneTimeToken') });
  });
  expect(found).toContainEqual(expect.objectContaining({ rule: 'token-in-output', path: 'ci/tokens' }));
});

test('a data source of another vendor that is given a token', () => {
  const found = findings(({ stack, application }) => {
    const source = new TerraformDataSource(stack, 'http', { terraformResourceType: 'http' });
    Object.assign(source, {
      synthesizeAttributes: () => ({ url: application.addClientDevice('d', { name: 'd' }).oneTimeToken }),
    });
    application.addClientDevice('before', { name: 'before' });
    const { oneTimeToken } = application.addClientDevice('e', { name: 'e' });
    Object.assign(source, { synthesizeAttributes: () => ({ url: oneTimeToken }) });
  });
  expect(found).toContainEqual(expect.objectContaining({ rule: 'token-in-data-input', path: 'ci/http' }));
});

test('what crosses stacks is told with the stack that reads it, and with no other', () => {
  const app = newApp();
  const [one, same, reader, idle] = ['one', 'one-two', 'reader', 'idle'].map((id) => new TerraformStack(app, id));
  const [device] = [one!, same!].map((stack) => {
    new KsmProvider(stack, 'ksm');
    return new KsmApplication(stack, 'app', { name: 'app' }).addClientDevice('d', { name: 'd' });
  });
  new TerraformOutput(reader!, 'value', { value: device!.oneTimeToken, sensitive: true });
  new TerraformOutput(idle!, 'value', { value: device!.id });
  const found = runOnAll(app, {}).filter(({ rule }) => rule === 'token-across-stacks');
  expect(found).toMatchObject([
    {
      path: 'one/app/d',
      message: expect.stringMatching(/^The stack 'reader' reads ksm_client_device\..*one_time_token\.$/),
    },
  ]);
});

test('a whole device as an output is told to be one', () => {
  const stack = new TerraformStack(newApp(), 'ci');
  const application = new KsmApplication(stack, 'app', { name: 'app' });
  const device = application.addClientDevice('d', { name: 'd' });
  new TerraformOutput(stack, 'whole', { value: device.fqn });
  new TerraformOutput(stack, 'json', { value: Fn.jsonencode(device.fqn) });
  new TerraformOutput(stack, 'part', { value: device.oneTimeToken });
  const found = runOnAll(stack.node.root as App, {}).filter(({ rule }) => rule === 'token-in-output');
  expect(
    found
      .filter(({ path }) => path !== 'ci/json')
      .map(({ message, cure }) => [message.replace(/d_[0-9A-F]{8}/, 'd'), cure]),
  ).toEqual([
    [
      'The output "whole" is not sensitive: ksm_client_device.app_d.one_time_token.',
      'It is the whole device or gateway: output its id, or what else is asked for, alone.',
    ],
    [
      'The output "part" is not sensitive: ksm_client_device.app_d.one_time_token.',
      'Mark the output sensitive, as exportToken does with that of a token.',
    ],
  ]);
  expect(found.find(({ path }) => path === 'ci/json')!.cure).toBe(found[0]!.cure);
});
