/**
 * Twelve programs as people write them, each with what its author would wish for, and read by real Terraform. Stack 12,
 * unit tests, is every other file here.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type App,
  Aspects,
  Fn,
  type IAspect,
  TerraformCount,
  TerraformIterator,
  TerraformLocal,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
  Testing,
} from 'cdktf';
import {
  type bindings,
  ClientDevice,
  GatewayInstallation,
  type ISecret,
  KsmApplication,
  KsmProvider,
  SharedFolder,
  SharedFolderGrant,
  VaultRecord,
} from 'cdktf-ksm';
import { Construct, type IConstruct } from 'constructs';
import { parse } from 'yaml';
import { devOverrides, validateWith } from '../support/overrides';
import { TOOLS } from '../support/terraform';
import { APPLICATION_UID, blocks, FOLDER_UID, newApp, RECORD_UID, synth } from './private/stack';

const [tool] = TOOLS;
if (!tool) process.stderr.write('Neither terraform nor tofu is on the PATH: the twelve stacks are not validated.\n');

let folder: string;
let cliConfigFile: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-twelve-'));
  if (tool) cliConfigFile = devOverrides(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Aspects, validations and, where it is, Terraform itself. */
function expectValid(...stacks: TerraformStack[]): void {
  for (const stack of stacks) {
    const json = Testing.synth(stack, true);
    if (!tool) continue;
    const here = join(folder, stack.node.id);
    mkdirSync(here, { recursive: true });
    writeFileSync(join(here, 'cdk.tf.json'), json);
    expect(validateWith(tool, here, cliConfigFile)).toEqual([]);
  }
}

function stackOf(id: string, app: App = newApp()): TerraformStack {
  const stack = new TerraformStack(app, id);
  new KsmProvider(stack, 'ksm');
  return stack;
}

test('1: two environments by two providers, also for what is declared later', () => {
  const stack = stackOf('one');
  const eu = new KsmProvider(stack, 'eu', { alias: 'eu' });
  const application = new KsmApplication(stack, 'payments', { name: 'Payments', provider: eu });
  application.addClientDevice('deploy', { name: 'deploy' });
  SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  for (const type of ['ksm_application', 'ksm_client_device', 'ksm_shared_folder_grant']) {
    expect(blocks(stack, type)).toMatchObject([{ provider: 'ksm.eu' }]);
  }
  expectValid(stack);
});

test('2: a construct of one’s own around application, secrets of either kind, and devices', () => {
  class Team extends Construct {
    readonly application: KsmApplication;

    constructor(scope: Construct, id: string, secrets: ISecret[]) {
      super(scope, id);
      this.application = new KsmApplication(this, 'app', { name: id });
      for (const secret of secrets) secret.grantRead(this.application);
      this.application.addClientDevice('ci', { name: `${id} ci` });
    }
  }
  const stack = stackOf('two');
  // One construct id in two scopes.
  const folder = SharedFolder.fromUid(new Construct(stack, 'folders'), 'db', FOLDER_UID);
  const record = VaultRecord.fromUid(new Construct(stack, 'records'), 'db', RECORD_UID);
  for (const id of ['red', 'blue']) new Team(stack, id, [folder, record]);
  expect(blocks(stack, 'ksm_client_device')).toHaveLength(2);
  for (const { depends_on } of blocks(stack, 'ksm_client_device')) expect(depends_on).toHaveLength(2);
  expectValid(stack);
});

test('3: a fleet of 50 from YAML, whose mistakes are named with their path', () => {
  const stack = stackOf('three');
  const application = new KsmApplication(stack, 'fleet', { name: 'Fleet' });
  const fleet = parse(
    Array.from({ length: 50 }, (_, i) => `- { id: d${i}, name: device ${i}, tokenExpiresInMinutes: ${i + 1} }`).join(
      '\n',
    ),
  ) as { id: string; name: string }[];
  for (const { id, ...options } of fleet) application.addClientDevice(id, options);
  expect(blocks(stack, 'ksm_client_device')).toHaveLength(50);
  const wrong = parse('{ ipLock: "no", tokenExpiresInMinutes: "15", rotationTriggers: { n: 3 } }');
  expect(() => application.addClientDevice('wrong', wrong)).toThrow(
    /^ClientDevice 'three\/fleet\/wrong': name is undefined\..*tokenExpiresInMinutes is "15"\..*rotationTriggers\.n is 3\..*ipLock is "no"\./,
  );
  expectValid(stack);
});

test('4: iterators and forEach, with tokens by key', () => {
  const stack = stackOf('four');
  const application = new KsmApplication(stack, 'fleet', { name: 'Fleet' });
  const teams = TerraformIterator.fromMap({ red: { minutes: 5 }, blue: { minutes: 10 } });
  const devices = application.addClientDevice('teams', {
    name: teams.key,
    tokenExpiresInMinutes: teams.getNumber('minutes'),
    forEach: teams,
  });
  devices.exportToken('tokens');
  const uids = TerraformIterator.fromList([FOLDER_UID]);
  new SharedFolderGrant(stack, 'grants', {
    application,
    folder: SharedFolder.fromUid(stack, 'each', uids.value),
    forEach: uids,
  });
  expectValid(stack);
});

test('5: across stacks the grant lands where the application is, and one’s own by its id', () => {
  const app = newApp();
  const [base, team] = ['five-base', 'five-team'].map((id) => stackOf(id, app));
  const application = new KsmApplication(base!, 'central', { name: 'Central' });
  const secrets = SharedFolder.fromUid(team!, 'secrets', FOLDER_UID);
  secrets.grantRead(application);
  secrets.grantRead(KsmApplication.fromUid(team!, 'central', application.id)).node.addDependency(base!);
  expect(blocks(base!, 'ksm_shared_folder_grant')).toHaveLength(1);
  expect(blocks(team!, 'ksm_shared_folder_grant')).toHaveLength(1);
  expect(team!.dependencies).toEqual([base]);
  expectValid(base!);
});

test('6: what exists is imported, with a UID that a variable holds too', () => {
  const stack = stackOf('six');
  const uid = new TerraformVariable(stack, 'application', { type: 'string' }).stringValue;
  KsmApplication.fromUid(stack, 'central', uid).addClientDevice('reader', { name: 'reader' });
  const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
  application.importFrom(APPLICATION_UID);
  const grant = SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  grant.importFrom(`${APPLICATION_UID}/${FOLDER_UID}`);
  expectValid(stack);
});

test('7: an aspect asks who is granted what, and may add a device, which comes after the grants', () => {
  const stack = stackOf('seven');
  const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
  SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantEdit(application);
  const said: string[] = [];
  class Look implements IAspect {
    visit(node: IConstruct): void {
      if (node instanceof SharedFolderGrant)
        said.push(`${node.application.node.id} ${node.editable} ${node.secret.uid}`);
      if (KsmApplication.isKsmApplication(node) && !node.node.tryFindChild('auditor')) {
        (node as KsmApplication).addClientDevice('auditor', { name: 'auditor' });
      }
    }
  }
  Aspects.of(stack).add(new Look());
  expectValid(stack);
  expect(said).toEqual([`payments true ${FOLDER_UID}`]);
  expect(blocks(stack, 'ksm_client_device')).toMatchObject([
    { depends_on: [expect.stringContaining('grant-secrets')] },
  ]);
});

test('8: a device that is there on a condition, and its token with it', () => {
  const stack = stackOf('eight');
  const wanted = new TerraformVariable(stack, 'wanted', { type: 'bool', default: true });
  const device = new KsmApplication(stack, 'app', { name: 'app' }).addClientDevice('maybe', { name: 'maybe' });
  (device.node.defaultChild as bindings.ClientDevice).count = TerraformCount.of(
    Fn.conditional(wanted.booleanValue, 1, 0) as never,
  );
  device.exportToken('tokens');
  new TerraformOutput(stack, 'host', { value: Fn.one(device.all('hostname')) });
  expectValid(stack);
});

test('9: rotation without downtime is one property', () => {
  const stack = stackOf('nine');
  const application = new KsmApplication(stack, 'app', { name: 'app' });
  const device = application.addClientDevice('server', {
    name: 'server',
    rotationTriggers: { on: '2026-Q4' },
    rotateWithoutDowntime: true,
  });
  new GatewayInstallation(stack, 'installation', {
    gateway: application.addGateway('gw', { name: 'gw' }),
    dependsOn: [device],
  });
  expect(blocks(stack, 'ksm_client_device')).toMatchObject([{ lifecycle: { create_before_destroy: true } }]);
  expectValid(stack);
});

test('10: tokens in names, keys and values', () => {
  const stack = stackOf('ten');
  const local = new TerraformLocal(stack, 'region', 'eu');
  const name = new TerraformVariable(stack, 'name', { type: 'string', default: 'x' });
  const application = new KsmApplication(stack, 'app', { name: `$\${${name.stringValue}} of ${local.asString}` });
  application.addClientDevice('d', {
    name: Fn.join('-', [name.stringValue, 'd']),
    rotationTriggers: { [name.stringValue]: `${local.asString} \${text}` },
  });
  expectValid(stack);
});

test('11: a circle is named, with the way out', () => {
  const stack = stackOf('eleven');
  const application = new KsmApplication(stack, 'app', { name: 'app' });
  const first = application.addClientDevice('first', { name: 'first' });
  SharedFolder.fromUid(stack, 'late', FOLDER_UID).grantRead(application, { dependsOn: [first] });
  expect(() => Testing.synth(stack, true)).toThrow(/waits for .*waits for .*takes afterGrants: false/);
  const other = stackOf('eleven-mended');
  const mended = new KsmApplication(other, 'app', { name: 'app' });
  const alone = new ClientDevice(other, 'first', { application: mended, name: 'first' });
  SharedFolder.fromUid(other, 'late', FOLDER_UID).grantRead(mended, { dependsOn: [alone] });
  expectValid(other);
});

test('12: addresses are those of a stack that was there before', () => {
  const stack = stackOf('twelve');
  const application = new KsmApplication(stack, 'payments', { name: 'Payments' });
  SharedFolder.fromUid(stack, 'secrets', FOLDER_UID).grantRead(application);
  application.addClientDevice('deploy', { name: 'deploy' });
  const { resource } = synth(stack);
  expect(
    Object.values(resource)
      .flatMap((byName) => Object.keys(byName))
      .sort(),
  ).toEqual(['payments_5AA7C358', 'payments_deploy_31BDA616', 'payments_grant-secrets_83587222']);
});
