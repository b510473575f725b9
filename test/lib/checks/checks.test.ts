/** KsmChecks: where it runs, what ends the synthesis, what is accepted, and its reports. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App, TerraformStack, Testing } from 'cdktf';
import { type IKsmRule, KsmApplication, KsmChecks, KsmProvider, KsmSeverity, SharedFolder } from 'cdktf-ksm';
import { Construct, type IConstruct, Node } from 'constructs';
import { TOOLS } from '../../support/terraform';
import { FOLDER_UID, newApp } from '../private/stack';

const root = resolve(__dirname, '../../..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksm-checks-'));
  // cdktf asks it for its version.
  process.env.TERRAFORM_BINARY_NAME ??= TOOLS[0] ?? 'terraform';
});
afterAll(() => rmSync(folder, { recursive: true }));
let printing: jest.SpiedFunction<typeof process.stderr.write>;
beforeEach(() => {
  printing = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => printing.mockRestore());

function program(outdir = mkdtempSync(join(folder, 'out-'))) {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, 'ci');
  new KsmProvider(stack, 'ksm');
  const application = new KsmApplication(stack, 'app', { name: 'app' });
  return { app, stack, application };
}
const report = (app: App) => JSON.parse(readFileSync(join(app.outdir, 'ksm-checks.json'), 'utf8'));
const sarif = (app: App) => JSON.parse(readFileSync(join(app.outdir, 'ksm-checks.sarif'), 'utf8'));
const calm = { off: ['no-access-expiry'] };

describe('KsmChecks.apply', () => {
  test('ends the synthesis on an error, with rule, path, cure, and writes both reports', () => {
    const { app, stack, application } = program();
    KsmChecks.apply(app, calm);
    const { oneTimeToken } = application.addClientDevice('d', { name: 'd' });
    new KsmApplication(stack, 'other', { name: oneTimeToken });
    expect(() => app.synth()).toThrow(
      /\[ci\/other\] token-in-name: A credential is in name: ksm_client_device\.app_d_\w+\.one_time_token\. Use the id or clientId of the device or gateway\./,
    );
    expect(report(app)).toMatchObject({ version: 1, summary: { errors: 1, warnings: 0, infos: 0, accepted: 0 } });
    expect(sarif(app).runs[0].results).toMatchObject([{ ruleId: 'token-in-name', level: 'error' }]);
  });

  test('goes through the whole program as often with many findings as with few', () => {
    const walks = (devices: number) => {
      const { app, application } = program();
      KsmChecks.apply(app);
      for (let n = 0; n < devices; n++) application.addClientDevice(`d${n}`, { name: `d${n}`, ipLock: false });
      const walking = jest.spyOn(Node.prototype, 'findAll');
      try {
        app.synth();
        return walking.mock.contexts.filter((node) => node === app.node).length;
      } finally {
        walking.mockRestore();
      }
    };
    expect(walks(30)).toBe(walks(3));
  });

  test('annotates warnings once, for the CLI to print, and lets the synthesis end well', () => {
    const { app, application } = program();
    KsmChecks.apply(app, calm);
    application.addClientDevice('d', { name: 'd', ipLock: false });
    app.synth();
    const { stacks } = JSON.parse(readFileSync(join(app.outdir, 'manifest.json'), 'utf8'));
    expect(stacks.ci.annotations).toMatchObject([
      { constructPath: 'ci/app/d', level: '@cdktf/warn', message: expect.stringMatching(/^unlocked-ip: /) },
    ]);
  });

  test('prints warnings with their cure where no CLI prints the annotations, and nothing where one does', () => {
    const printed = (variables: object) => {
      const { app, application } = program();
      KsmChecks.apply(app);
      application.addClientDevice('d', { name: 'd', ipLock: false });
      printing.mockClear();
      Object.assign(process.env, variables);
      try {
        app.synth();
        return { app, text: printing.mock.calls.map(([text]) => text).join('') };
      } finally {
        for (const name of Object.keys(variables)) delete process.env[name];
      }
    };
    const { app, text } = printed({});
    expect(text).toBe(
      `warning [ci/app/d] unlocked-ip: The device is not locked to an address. Leave ipLock out, or accept it where the address of the consumer changes.\nAll findings of KsmChecks: ${join(app.outdir, 'ksm-checks.json')}\n`,
    );
    expect(printed({ CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS: 'true' }).text).toBe('');
  });

  test('sees stacks that are declared later, and only what is below its scope', () => {
    const { app, stack, application } = program();
    KsmChecks.apply(app, calm);
    const later = new TerraformStack(app, 'later');
    new KsmProvider(later, 'ksm');
    new KsmApplication(later, 'app', { name: 'later' }).addClientDevice('d', { name: 'd', ipLock: false });
    application.addClientDevice('d', { name: 'd' });
    app.synth();
    expect(report(app).findings.map(({ path }: { path: string }) => path)).toEqual(['later/app/d']);

    const { app: other, stack: one, application: checked } = program();
    KsmChecks.apply(checked, calm);
    new KsmApplication(one, 'unchecked', { name: 'u' }).addClientDevice('d', { name: 'd', ipLock: false });
    checked.addClientDevice('d', { name: 'd', ipLock: false });
    other.synth();
    expect(report(other).findings.map(({ path }: { path: string }) => path)).toEqual(['ci/app/d']);
    expect(stack).toBeDefined();
  });

  test('severities and rules are chosen by id', () => {
    const { app, application } = program();
    application.addClientDevice('d', { name: 'd', ipLock: false });
    KsmChecks.apply(app, { off: ['no-access-expiry'], severities: { 'unlocked-ip': KsmSeverity.ERROR } });
    expect(() => app.synth()).toThrow('[ci/app/d] unlocked-ip: The device is not locked to an address.');
  });

  test.each([
    [{ off: ['unlocked'] }, '"unlocked" is no rule. Expected one of unlocked-ip, '],
    [{ off: ['unlocked_ip'] }, '"unlocked_ip" is no rule. Did you mean unlocked-ip? Expected one of '],
    [{ severities: { 'edit-grant': 'fatal' } }, 'severity is "fatal". Expected "error" or "warning" or "info".'],
    [{ widelyGrantedMoreThan: 0 }, 'widelyGrantedMoreThan is 0. Expected a whole number from 1'],
    [{ ofF: [] }, '"ofF" is no property of it.'],
    [{ off: 'edit-grant' }, 'off is "edit-grant". Expected a list of ids of rules.'],
    [{ on: [5] }, 'on.0 is 5. Expected a list of ids of rules.'],
    [{ severities: 'info' }, 'severities is "info". Expected texts by key.'],
    [{ rules: [{ id: 'own' }] }, 'rules.0 is an object. Expected a list of rules, each with a check.'],
    [{ rules: [{ id: 'edit-grant', severity: 'info', check: () => [] }] }, 'the id of a rule is "edit-grant".'],
  ])('refuses %j', (options, message) => {
    expect(() => KsmChecks.apply(program().app, options as never)).toThrow(message);
  });

  test('is refused twice for one scope, and outside of an app', () => {
    const { app } = program();
    KsmChecks.apply(app);
    expect(() => KsmChecks.apply(app)).toThrow("KsmChecks.apply of 'the app' a second time.");
    expect(() => KsmChecks.apply(new Construct(undefined as never, ''))).toThrow('expected a construct within an App');
  });

  test('works where HCL is written', () => {
    const outdir = mkdtempSync(join(folder, 'hcl-'));
    const app = new App({ outdir, hclOutput: true });
    const stack = new TerraformStack(app, 'ci');
    new KsmProvider(stack, 'ksm');
    new KsmApplication(stack, 'app', { name: 'app' }).addClientDevice('d', { name: 'd', ipLock: false });
    KsmChecks.apply(app, calm);
    app.synth();
    expect(report(app).findings).toMatchObject([{ rule: 'unlocked-ip', path: 'ci/app/d' }]);
  });
});

describe('KsmChecks.accept', () => {
  const reason = 'Runners have another address each time.';

  test('accepts a finding of a construct and of all below it, with its reason in both reports', () => {
    const { app, application } = program();
    KsmChecks.apply(app, { ...calm, severities: { 'unlocked-ip': 'error' } });
    for (const name of ['a', 'b']) application.addClientDevice(name, { name, ipLock: false });
    KsmChecks.accept(application, { rule: 'unlocked-ip', reason });
    app.synth();
    expect(report(app)).toMatchObject({
      summary: { errors: 0, accepted: 2 },
      findings: [{ accepted: reason }, { accepted: reason }],
    });
    expect(sarif(app).runs[0].results[0].suppressions).toEqual([{ kind: 'inSource', justification: reason }]);
  });

  test('of nothing is itself a finding', () => {
    const { stack, application } = program();
    application.addClientDevice('d', { name: 'd' });
    KsmChecks.accept(application, { rule: 'unlocked-ip', reason });
    expect(KsmChecks.findings(stack, calm)).toEqual([
      {
        rule: 'unused-acceptance',
        severity: 'warning',
        path: 'ci/app',
        message: 'Nothing of the rule "unlocked-ip" is found here.',
        cure: 'Remove it.',
      },
    ]);
  });

  test('of a rule that there is not says so, with the one that was meant; own rules count', () => {
    const { stack, application } = program();
    application.addClientDevice('d', { name: 'd', ipLock: false });
    for (const rule of ['unlocked_ip', 'fair-weather', 'own-rule']) KsmChecks.accept(application, { rule, reason });
    const own = { id: 'own-rule', severity: 'info', reason: 'why', cure: 'so', check: () => [] };
    const found = KsmChecks.findings(stack, { ...calm, rules: [own] }).filter(({ rule }) => rule !== 'unlocked-ip');
    expect(found.map(({ rule, message, cure }) => [rule, message, cure])).toEqual([
      ['unused-acceptance', '"unlocked_ip" is no rule.', 'Did you mean unlocked-ip?'],
      [
        'unused-acceptance',
        '"fair-weather" is no rule.',
        expect.stringMatching(/^Expected one of unlocked-ip, .*own-rule/),
      ],
      ['unused-acceptance', 'Nothing of the rule "own-rule" is found here.', 'Remove it.'],
    ]);
  });

  test.each([
    [{ rule: 'unlocked-ip', reason, until: '2027-01-01' }, '"until" is no property of it. Expected rule, reason.'],
    [{ rule: 'unlocked-ip' }, 'reason is undefined. Expected one sentence why.'],
    [{ rule: 'unlocked-ip', reason: '  ' }, 'reason is "  ". Expected one sentence why.'],
    [{ reason }, 'rule is undefined. Expected the id of a rule.'],
  ])('of %j is refused', (acceptance, message) => {
    const { application } = program();
    expect(() => KsmChecks.accept(application, acceptance as never)).toThrow(
      `KsmChecks.accept of 'ci/app': ${message}`,
    );
  });
});

describe('an acceptance', () => {
  const reason = 'It is so.';

  test('of a rule that is not run is not unused', () => {
    const { stack, application } = program();
    for (const rule of ['edit-grant', 'unsealed-in-state']) KsmChecks.accept(application, { rule, reason });
    expect(KsmChecks.findings(stack, { off: ['edit-grant'] })).toEqual([]);
    const found = KsmChecks.findings(stack, { on: ['unsealed-in-state'] }).map(({ message }) => message);
    expect(found).toEqual(['Nothing of the rule "edit-grant" is found here.', expect.stringContaining('unsealed')]);
  });

  test('of a plain token stands at its provider', () => {
    const { stack } = program();
    const provider = new KsmProvider(stack, 'eu', { alias: 'eu', token: 'canary' });
    new KsmProvider(stack, 'us', { alias: 'us', token: 'canary' });
    KsmChecks.accept(provider, { rule: 'plain-provider-token', reason });
    expect(KsmChecks.findings(stack).map(({ path, accepted }) => [path, accepted])).toEqual([
      ['ci/eu', reason],
      ['ci/us', undefined],
    ]);
  });

  test.each<[string, (folder: IConstruct, grants: IConstruct[]) => IConstruct]>([
    ['the secret', (folder) => folder],
    ['the grant declared first', (_, grants) => grants[0]!],
    ['the grant declared last', (_, grants) => grants[2]!],
  ])('of a secret that is widely granted stands at %s', (_, where) => {
    const { app, stack } = program();
    const folder = SharedFolder.fromUid(new TerraformStack(app, 'secrets'), 'folder', FOLDER_UID);
    const grants = ['a', 'b', 'c'].map((name) => folder.grantRead(new KsmApplication(stack, name, { name })));
    const findings = () => KsmChecks.findings(stack, { widelyGrantedMoreThan: 2 });
    expect(findings()).toMatchObject([{ rule: 'widely-granted', path: 'ci/a/grant-folder' }]);
    expect(findings()[0]).not.toHaveProperty('accepted');
    KsmChecks.accept(where(folder, grants), { rule: 'widely-granted', reason });
    expect(findings()).toMatchObject([{ rule: 'widely-granted', accepted: reason }]);
  });
});

describe('of scopes within each other', () => {
  test('each finding is said once, as what matters most', () => {
    const { app, stack, application } = program();
    application.addClientDevice('d', { name: 'd', ipLock: false });
    KsmChecks.apply(app, calm);
    KsmChecks.apply(stack, { severities: { 'no-access-expiry': 'warning' } });
    KsmChecks.apply(application);
    app.synth();
    expect(report(app).findings).toMatchObject([
      { rule: 'unlocked-ip', severity: 'warning' },
      { rule: 'no-access-expiry', severity: 'warning' },
    ]);
    const { stacks } = JSON.parse(readFileSync(join(app.outdir, 'manifest.json'), 'utf8'));
    expect(stacks.ci.annotations).toHaveLength(2);
    expect(
      printing.mock.calls
        .map(([text]) => text)
        .join('')
        .match(/^warning /gm),
    ).toHaveLength(2);
  });

  test('an acceptance that one of them uses is used', () => {
    const { app, stack } = program();
    const folder = SharedFolder.fromUid(stack, 'folder', FOLDER_UID);
    const other = new TerraformStack(app, 'other');
    new KsmProvider(other, 'ksm');
    for (const one of [stack, other]) folder.grantRead(new KsmApplication(one, 'x', { name: 'x' }));
    KsmChecks.accept(folder, { rule: 'widely-granted', reason: 'It is so.' });
    KsmChecks.accept(stack, { rule: 'edit-grant', reason: 'None is there.' });
    for (const scope of [app, stack]) KsmChecks.apply(scope, { widelyGrantedMoreThan: 1 });
    app.synth();
    expect(report(app).findings).toMatchObject([
      { rule: 'widely-granted', accepted: 'It is so.' },
      { rule: 'unused-acceptance', path: 'ci' },
    ]);
  });
});

test('two grants of one secret with two rights name both, and which to keep', () => {
  const { stack } = program();
  const folder = SharedFolder.fromUid(stack, 'folder', FOLDER_UID);
  const [one, two] = ['one', 'two'].map((id) => KsmApplication.fromUid(stack, id, FOLDER_UID));
  folder.grantRead(one!);
  folder.grantEdit(two!);
  expect(KsmChecks.findings(stack, { off: ['edit-grant'] })).toMatchObject([
    {
      rule: 'duplicate-grant',
      path: 'ci/two/grant-folder',
      message:
        "'ci/one/grant-folder', which may read, is the same grant, and this one may edit: they undo each other at every apply.",
      cure: "Keep 'ci/two/grant-folder' if a device or gateway has to change the secret, else 'ci/one/grant-folder'.",
    },
  ]);
});

describe('a rule of one’s own', () => {
  const rule = (check: IKsmRule['check']): IKsmRule => ({
    id: 'owner-in-name',
    severity: 'warning',
    reason: 'Nobody knows whose it is.',
    cure: 'Write the team into the name.',
    check,
  });
  const owners = rule(({ configuration }) =>
    Object.values<{ name: string; '//': { metadata: { path: string } } }>(configuration.resource.ksm_application)
      .filter(({ name }) => !name.includes(':'))
      .map((block) => ({
        path: block['//'].metadata.path.replace('/Resource', ''),
        message: `The name is ${block.name}.`,
      })),
  );

  test('is run, reported and accepted as the others', () => {
    const { stack, application } = program();
    const options = { rules: [owners] };
    expect(KsmChecks.findings(stack, options)).toEqual([
      {
        rule: 'owner-in-name',
        severity: 'warning',
        path: 'ci/app',
        message: 'The name is app.',
        cure: 'Write the team into the name.',
      },
    ]);
    KsmChecks.accept(application, { rule: 'owner-in-name', reason: 'Everybody’s.' });
    expect(KsmChecks.findings(stack, options)).toMatchObject([{ accepted: 'Everybody’s.' }]);
  });

  test('that throws is a finding', () => {
    const { stack } = program();
    const failing = rule(() => {
      throw new Error('no such thing');
    });
    expect(KsmChecks.findings(stack, { rules: [failing] })).toMatchObject([
      { rule: 'rule-failed', severity: 'error', path: 'ci', message: 'The rule "owner-in-name" failed: no such thing' },
    ]);
  });
});

test('findings() takes a stack and leaves the synthesis to itself', () => {
  const { app, stack, application } = program();
  application.addClientDevice('d', { name: 'd', ipLock: false });
  expect(KsmChecks.findings(stack).map(({ rule }) => rule)).toEqual(['unlocked-ip', 'no-access-expiry']);
  expect(() => KsmChecks.findings(app as never)).toThrow('Expected a stack.');
  expect(Testing.synth(stack)).toContain('ksm_client_device');
  expect(newApp()).toBeDefined();
});

test('the SARIF report has the shape of SARIF 2.1.0', () => {
  const { app, application } = program();
  KsmChecks.apply(app);
  for (const name of ['a', 'b']) application.addClientDevice(name, { name, ipLock: name === 'a' });
  KsmChecks.accept(application, { rule: 'unlocked-ip', reason: 'why' });
  app.synth();
  const text = readFileSync(join(app.outdir, 'ksm-checks.sarif'), 'utf8');
  const log = JSON.parse(text);
  for (const { ruleId, ruleIndex } of log.runs[0].results)
    expect(log.runs[0].tool.driver.rules[ruleIndex].id).toBe(ruleId);
  // The types are made from the schema: required members, and the words of each enumeration.
  const file = join(folder, 'log.ts');
  writeFileSync(file, `import type { Log } from 'sarif';\nexport const log: Log = ${text};\n`);
  const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'sarif', '--noEmit', '--strict'];
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...types, file], { stdio: 'pipe' });
});

describe('a result of the SARIF report stands in a file, without which GitHub takes none', () => {
  interface Result {
    readonly locations: readonly {
      readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object };
      readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[];
    }[];
  }
  const files = (app: App) =>
    (sarif(app).runs[0].results as Result[]).map(({ locations: [location] }) => [
      location!.physicalLocation.artifactLocation.uri,
      location!.logicalLocations[0]!.fullyQualifiedName,
    ]);
  const checked = (outdir: string, hclOutput = false) => {
    const app = new App({ outdir, hclOutput });
    for (const name of ['one', 'two']) {
      const stack = new TerraformStack(app, name);
      new KsmProvider(stack, 'ksm');
      new KsmApplication(stack, 'app', { name }).addClientDevice('d', { name: 'd', ipLock: false });
    }
    KsmChecks.accept(app, { rule: 'edit-grant', reason: 'why' });
    KsmChecks.apply(app, calm);
    app.synth();
    return app;
  };

  test('that of its stack, from where the program runs', () => {
    const folderOfProgram = mkdtempSync(join(folder, 'program-'));
    const here = jest.spyOn(process, 'cwd').mockReturnValue(folderOfProgram);
    try {
      const app = checked(join(folderOfProgram, 'cdktf out'));
      expect(files(app)).toEqual([
        ['cdktf%20out/stacks/one/cdk.tf.json', 'one/app/d'],
        ['cdktf%20out/stacks/two/cdk.tf.json', 'two/app/d'],
        ['cdktf%20out/manifest.json', ''],
      ]);
      expect(sarif(app).runs[0].results[0].locations[0].physicalLocation.region).toEqual({ startLine: 1 });
      for (const [file] of files(app)) expect(existsSync(join(folderOfProgram, decodeURI(file!)))).toBe(true);
    } finally {
      here.mockRestore();
    }
  });

  test('under the name of the folder of the stacks where that is elsewhere; and of HCL the file of HCL', () => {
    const outdir = join(mkdtempSync(join(folder, 'elsewhere-')), 'out');
    const [first] = files(checked(outdir, true));
    expect(first).toEqual([expect.stringMatching(/^out\/stacks\/one\/cdk\.tf(\.json)?$/), 'one/app/d']);
    expect(existsSync(join(outdir, '..', first![0]!))).toBe(true);
  });
});
