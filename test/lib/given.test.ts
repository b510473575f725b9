/** What JavaScript lets through: nothing at all, null, values of other types, and what Terraform alone knows. */
import { NullProvider } from '@cdktf/provider-null/lib/provider';
import { App, type TerraformStack, TerraformVariable, Testing, Token } from 'cdktf';
import {
  bindings,
  ClientDevice,
  EphemeralClientDevice,
  Gateway,
  GatewayInstallation,
  KsmApplication,
  KsmAssertions,
  KsmChecks,
  KsmFunctions,
  KsmProvider,
  KsmService,
  RecordGrant,
  SharedFolder,
  SharedFolderGrant,
  VaultRecord,
} from 'cdktf-ksm';
import { APPLICATION_UID, emptyStack, FOLDER_UID, RECORD_UID, SEAL_KEY, synth } from './private/stack';

interface Parts {
  readonly stack: TerraformStack;
  readonly application: KsmApplication;
  readonly folder: ReturnType<typeof SharedFolder.fromUid>;
  readonly record: ReturnType<typeof VaultRecord.fromUid>;
  readonly gateway: Gateway;
}

function parts(): Parts {
  const stack = emptyStack();
  new KsmProvider(stack, 'ksm');
  const application = new KsmApplication(stack, 'app', { name: 'app' });
  return {
    stack,
    application,
    folder: SharedFolder.fromUid(stack, 'folder', FOLDER_UID),
    record: VaultRecord.fromUid(stack, 'record', RECORD_UID),
    gateway: application.addGateway('gateway', { name: 'gateway' }),
  };
}

type Make = (parts: Parts, props: never) => unknown;
/** Each construct and method with properties, and those that it needs. */
const KINDS: Record<string, { make: Make; needed: (parts: Parts) => object; known: readonly string[] }> = {
  KsmApplication: {
    make: ({ stack }, props) => new KsmApplication(stack, 'x', props),
    needed: () => ({ name: 'x' }),
    known: ['forceDestroy', 'provider', 'lifecycle', 'dependsOn', 'forEach'],
  },
  ClientDevice: {
    make: ({ stack }, props) => new ClientDevice(stack, 'x', props),
    needed: ({ application }) => ({ application, name: 'x' }),
    known: [
      'ipLock',
      'accessExpiresInMinutes',
      'initialization',
      'tokenExpiresInMinutes',
      'reissue',
      'rotationTriggers',
      'rotateWithoutDowntime',
      'sealToPublicKey',
      'afterGrants',
      'provider',
      'lifecycle',
      'dependsOn',
      'forEach',
    ],
  },
  Gateway: {
    make: ({ stack }, props) => new Gateway(stack, 'x', props),
    needed: ({ application }) => ({ application, name: 'x' }),
    known: ['initialization', 'rotationTriggers', 'afterGrants', 'provider', 'lifecycle', 'dependsOn', 'forEach'],
  },
  SharedFolderGrant: {
    make: ({ stack }, props) => new SharedFolderGrant(stack, 'x', props),
    needed: ({ application, folder }) => ({ application, folder }),
    known: ['editable', 'provider', 'lifecycle', 'dependsOn', 'forEach'],
  },
  RecordGrant: {
    make: ({ stack }, props) => new RecordGrant(stack, 'x', props),
    needed: ({ application, record }) => ({ application, record }),
    known: ['editable', 'provider', 'lifecycle', 'dependsOn', 'forEach'],
  },
  EphemeralClientDevice: {
    make: ({ stack }, props) => new EphemeralClientDevice(stack, 'x', props),
    needed: ({ application }) => ({ application, name: 'x' }),
    known: ['ipLock', 'enabled', 'onlyAtApply', 'afterGrants', 'dependsOn', 'provider'],
  },
  GatewayInstallation: {
    make: ({ stack }, props) => new GatewayInstallation(stack, 'x', props),
    needed: ({ gateway }) => ({ gateway }),
    known: ['platform', 'connection', 'autoUpdate', 'command', 'dependsOn', 'provider'],
  },
  KsmProvider: {
    make: ({ stack }, props) => new KsmProvider(stack, 'x', props),
    needed: () => ({ alias: 'x' }),
    known: [
      'endpoint',
      'token',
      'caCertificate',
      'caCertificateFile',
      'requestTimeoutSeconds',
      'operationTimeoutSeconds',
      'maxRetries',
      'vaultChange',
    ],
  },
  KsmService: {
    make: ({ stack }, props) => new KsmService(stack, 'x', props),
    needed: () => ({}),
    known: ['provider'],
  },
};
const rows = Object.entries(KINDS);
/** The blocks of what was made last. */
const made = ({ stack }: Parts) => Testing.synth(stack);

describe('null counts as nothing given', () => {
  test.each(rows)('of each property of a %s', (_, { make, needed, known }) => {
    const [plain, nulls] = [parts(), parts()];
    make(plain, needed(plain) as never);
    make(nulls, { ...needed(nulls), ...Object.fromEntries(known.map((name) => [name, null])) } as never);
    expect(made(nulls)).toBe(made(plain));
  });

  test.each(rows)('of what a %s needs', (kind, { make, needed }) => {
    for (const name of Object.keys(needed(parts()))) {
      if (kind === 'KsmProvider') continue;
      const all = parts();
      expect(() => make(all, { ...needed(all), [name]: null } as never)).toThrow(
        new RegExp(`^${kind} 'ci/x': ${name} is undefined\\. Expected `),
      );
    }
  });

  test('of what is given within', () => {
    const [plain, nulls] = [parts(), parts()];
    const connection = { type: 'ssh', host: 'gw-1.example.com' };
    for (const [{ application, gateway, stack }, none] of [
      [plain, {}],
      [nulls, { preventDestroy: null, createBeforeDestroy: null, hostKey: null, port: null }],
    ] as [Parts, Record<string, null>][]) {
      const { hostKey, port, ...lifecycle } = none;
      application.addClientDevice('d', { name: 'd', rotateWithoutDowntime: true, lifecycle: lifecycle as never });
      const ports = port === null ? { hostKey, port } : {};
      new GatewayInstallation(stack, 'i', { gateway, connection: { ...connection, ...ports } as never });
    }
    expect(made(nulls)).toBe(made(plain));
  });

  test('of options, which a device made through its application keeps the default of', () => {
    const { stack, application, folder, gateway } = parts();
    SharedFolder.fromUid(stack, 'f', FOLDER_UID, null as never);
    KsmApplication.fromName(stack, 'n', 'name', null as never);
    VaultRecord.fromTitle(stack, 't', 'title', { provider: null } as never);
    expect(folder.grantRead(application, null as never)).toBe(
      folder.grantRead(application, { lifecycle: null } as never),
    );
    for (const [id, afterGrants] of Object.entries({ a: null, b: undefined }))
      application.addClientDevice(id, { name: id, afterGrants } as never);
    for (const { depends_on } of Object.values(synth(stack).resource.ksm_client_device!))
      expect(depends_on).toHaveLength(1);
    expect(gateway.installCommand('linux', null as never)).toBe(
      gateway.installCommand('linux', { autoUpdate: null, tokenVariable: null } as never),
    );
    expect(KsmChecks.findings(stack, { off: null, rules: null } as never)).toEqual(
      KsmChecks.findings(stack, null as never),
    );
    KsmAssertions.of(stack).hasGateway({ name: 'gateway', reissue: null } as never);
  });
});

describe('what is missing', () => {
  test.each(rows.filter(([, { needed }]) => Object.keys(needed(parts())).length > 0))(
    'a %s says what it takes',
    (kind, { make }) => {
      if (kind === 'KsmProvider') return;
      for (const props of [undefined, null, 'text', 5])
        expect(() => make(parts(), props as never)).toThrow(
          new RegExp(`^${kind} 'ci/x': what it was given is .*\\. Expected an object, with `),
        );
    },
  );

  test('a provider takes all from the environment', () => {
    const stack = emptyStack();
    new KsmProvider(stack, 'ksm', null as never);
    expect(synth(stack).provider.ksm).toEqual([{}]);
  });

  test.each<[string, (parts: Parts) => unknown, string]>([
    ['a UID', ({ stack }) => SharedFolder.fromUid(stack, 'x', undefined as never), "SharedFolder 'ci/x': uid is undef"],
    ['a UID', ({ stack }) => VaultRecord.fromUid(stack, 'x', undefined as never), "VaultRecord 'ci/x': uid is undef"],
    [
      'a UID',
      ({ stack }) => KsmApplication.fromUid(stack, 'x', null as never),
      "KsmApplication 'ci/x': uid is null. Ex",
    ],
    ['a UID', ({ stack }) => KsmApplication.fromUid(stack, 'x', [APPLICATION_UID] as never), 'uid is a list. Expected'],
    ['a title', ({ stack }) => VaultRecord.fromTitle(stack, 'x', undefined as never), 'title is undefined. Expected 1'],
    ['options', ({ application }) => application.addGateway('x', undefined as never), 'name is undefined. Expected 1'],
    [
      'an application',
      ({ folder }) => folder.grantRead(undefined as never),
      'application is undefined. Expected a Ksm',
    ],
    ['an id', ({ application }) => application.importFrom(undefined as never), 'importFrom is undefined. Expected the'],
    ['a platform', ({ gateway }) => gateway.installCommand(undefined as never), 'for the platform undefined. Expected'],
    [
      'an output',
      ({ gateway }) => gateway.exportToken(undefined as never),
      'exportToken(undefined). Expected the name',
    ],
    ['a token', () => KsmFunctions.parseOneTimeToken(undefined as never), 'token is undefined. Expected text.'],
    ['a configuration', () => KsmFunctions.gatewayDockerCompose(undefined as never), 'config is undefined. Expected'],
    [
      'an expectation',
      ({ stack }) => KsmAssertions.of(stack).hasGateway(undefined as never),
      'given is undefined. Exp',
    ],
    ['a stack', () => KsmAssertions.of(undefined as never), 'stack is undefined. Expected a stack.'],
    [
      'a secret',
      ({ stack, application }) => KsmAssertions.of(stack).grantsRead(application, undefined as never),
      'sec',
    ],
    ['a reader', ({ stack }) => KsmAssertions.of(stack).grantsNothing(undefined as never), 'application is undefined.'],
    ['a scope', () => KsmChecks.apply({} as never), 'scope is an object. Expected an app, a stack or a construct.'],
    ['a scope', () => KsmChecks.findings(undefined as never), 'stack is undefined. Expected a stack.'],
    ['a construct', () => KsmChecks.accept(undefined as never, undefined as never), 'construct is undefined. Expected'],
    ['an acceptance', ({ stack }) => KsmChecks.accept(stack, undefined as never), 'rule is undefined. Expected the id'],
  ])('%s is asked for (%#)', (_, call, message) => {
    expect(() => call(parts())).toThrow(message);
  });
});

describe('values of other types', () => {
  const RESOURCES = ['KsmApplication', 'ClientDevice', 'Gateway', 'SharedFolderGrant', 'RecordGrant'];
  const each = (names: readonly string[], property: string, value: unknown, message: string) =>
    names.map((kind): [string, string, unknown, string] => [kind, property, value, message]);
  const ssh = { type: 'ssh' };

  test.each<[string, string, unknown, string]>([
    ...each(
      [...RESOURCES, 'EphemeralClientDevice', 'KsmService'],
      'provider',
      'p',
      'provider is "p". Expected a KsmPr',
    ),
    ...each(RESOURCES, 'forEach', 'z', 'forEach is "z". Expected a TerraformIterator, such as'),
    ...each(RESOURCES, 'lifecycle', 'y', 'lifecycle is "y". Expected an object, with createBeforeDestroy'),
    ['GatewayInstallation', 'provider', 'p', 'provider is "p". Expected a NullProvider.'],
    ['GatewayInstallation', 'connection', ssh, 'connection.host is undefined. Expected the name or address'],
    ['GatewayInstallation', 'connection', { ...ssh, host: 5 }, 'connection.host is 5. Expected the name or address'],
    ['KsmProvider', 'alias', 'a b', 'alias is "a b". Expected a letter or _ and then letters, digits, _ and -.'],
    ['KsmProvider', 'token', 5, 'token is no text. Expected an API token'],
    ['KsmProvider', 'caCertificateFile', 5, 'caCertificateFile is 5. Expected text.'],
    ['KsmProvider', 'caCertificate', 'tls/ca.crt', 'caCertificate is "tls/ca.crt". Expected a certificate as PEM text'],
  ])('of a %s: %s %j', (kind, property, value, message) => {
    const all = parts();
    const { make, needed } = KINDS[kind]!;
    expect(() => make(all, { ...needed(all), [property]: value } as never)).toThrow(`${kind} 'ci/x': ${message}`);
  });

  test('a provider of another kind is none, also of what exists', () => {
    const { stack, application, folder } = parts();
    const provider = new NullProvider(stack, 'null') as never;
    const message = "provider is the NullProvider 'ci/null'. Expected a KsmProvider.";
    expect(() => new KsmApplication(stack, 'a', { name: 'a', provider })).toThrow(message);
    expect(() => new SharedFolderGrant(stack, 'g', { application, folder, provider })).toThrow(message);
    for (const [id, wrong] of Object.entries({ b: provider, c: 'p' as never }))
      for (const from of [
        () => KsmApplication.fromUid(stack, `${id}1`, APPLICATION_UID, { provider: wrong }),
        () => KsmApplication.fromName(stack, `${id}2`, 'name', { provider: wrong }),
        () => SharedFolder.fromUid(stack, `${id}3`, FOLDER_UID, { provider: wrong }),
        () => SharedFolder.fromName(stack, `${id}4`, 'name', { provider: wrong }),
        () => VaultRecord.fromUid(stack, `${id}5`, RECORD_UID, { provider: wrong }),
        () => VaultRecord.fromTitle(stack, `${id}6`, 'title', { provider: wrong }),
      ])
        expect(from).toThrow(/'ci\/\w\d': provider is .*\. Expected a KsmProvider\./);
  });

  test('a certificate as text, and names of Terraform as alias, are taken', () => {
    const { stack } = parts();
    const caCertificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    expect(() => new KsmProvider(stack, 'x', { alias: '_eu-1', caCertificate, token: 'canary' })).not.toThrow();
  });
});

describe('a construct of another kind', () => {
  const others: Record<string, (parts: Parts) => unknown> = {
    'an application': ({ application }) => application,
    'a folder': ({ folder }) => folder,
    'a record': ({ record }) => record,
    'a gateway': ({ gateway }) => gateway,
    'a device': ({ application }) => application.addClientDevice('d', { name: 'd' }),
    'a stack': ({ stack }) => stack,
    'a data source': ({ stack }) => new bindings.DataKsmRecord(stack, 'data', { title: 'x' }),
  };
  const TAKES: readonly [string, string, string][] = [
    ['ClientDevice', 'application', 'an application'],
    ['Gateway', 'application', 'an application'],
    ['EphemeralClientDevice', 'application', 'an application'],
    ['SharedFolderGrant', 'application', 'an application'],
    ['RecordGrant', 'application', 'an application'],
    ['SharedFolderGrant', 'folder', 'a folder'],
    ['RecordGrant', 'record', 'a record'],
    ['GatewayInstallation', 'gateway', 'a gateway'],
  ];

  test.each(TAKES)('is refused by a %s as its %s', (kind, property, fits) => {
    for (const [other, of] of Object.entries(others)) {
      if (other === fits) continue;
      const all = parts();
      const { make, needed } = KINDS[kind]!;
      expect(() => make(all, { ...needed(all), [property]: of(all) } as never)).toThrow(
        new RegExp(`^${kind} 'ci/x': ${property} is the \\w+ 'ci.*'\\. Expected a `),
      );
    }
  });

  test.each(Object.keys(others).filter((other) => other !== 'an application'))('is granted nothing: %s', (other) => {
    const all = parts();
    const given = others[other]!(all) as never;
    for (const secret of [all.folder, all.record])
      expect(() => secret.grantRead(given)).toThrow(
        /^Grant of 'ci\/\w+': application is the \w+ 'ci.*'\. Expected a KsmApplication/,
      );
  });
});

describe('what Terraform alone knows', () => {
  const later = 'a value that only Terraform knows';
  const boolean = () => new TerraformVariable(emptyStack(), 'v', { type: 'bool' }).booleanValue as never;
  const text = () => new TerraformVariable(emptyStack(), 'v', { type: 'string' }).stringValue;

  test.each<[string, string]>([
    ['ClientDevice', 'rotateWithoutDowntime'],
    ['ClientDevice', 'afterGrants'],
    ['Gateway', 'rotateWithoutDowntime'],
    ['Gateway', 'afterGrants'],
    ['EphemeralClientDevice', 'onlyAtApply'],
    ['EphemeralClientDevice', 'afterGrants'],
    ['GatewayInstallation', 'autoUpdate'],
  ])('a %s is not asked by it: %s', (kind, property) => {
    const all = parts();
    const { make, needed } = KINDS[kind]!;
    expect(() => make(all, { ...needed(all), [property]: boolean() } as never)).toThrow(
      `${kind} 'ci/x': ${property} is ${later}. Expected true or false, known at synthesis.`,
    );
  });

  test('is named in words', () => {
    const { stack, application, gateway } = parts();
    const autoUpdate = boolean();
    expect(() => gateway.installCommand('linux', { autoUpdate })).toThrow(`autoUpdate is ${later}.`);
    expect(() => gateway.upgradeCommand('linux', { autoUpdate })).toThrow(`autoUpdate is ${later}.`);
    expect(() => gateway.installCommand(text())).toThrow(`for the platform ${later}.`);
    expect(() => gateway.installCommand('linux', { tokenVariable: text() })).toThrow(`tokenVariable is ${later}.`);
    expect(() => new GatewayInstallation(stack, 'i', { gateway, platform: text() })).toThrow(
      `platform is ${later}. Expected "linux" or "windows" or "docker", known at synthesis.`,
    );
    const configured = application.addGateway('c', { name: 'c', initialization: 'config' });
    expect(() => configured.helmValues({ existingSecret: text() })).toThrow(`existingSecret is ${later}.`);
    expect(() => new KsmProvider(stack, 'p', { alias: text() })).toThrow(`alias is ${later}. Expected a letter`);
    expect(() => new KsmProvider(stack, 'q', { alias: 'q', endpoint: Token.asNumber('x') as never })).not.toThrow();
  });

  test('is handed on where Terraform may know it', () => {
    const all = parts();
    const { application, stack, folder } = all;
    const yes = boolean();
    new ClientDevice(stack, 'x', { application, name: text(), ipLock: yes, sealToPublicKey: SEAL_KEY });
    new SharedFolderGrant(stack, 'g', { application, folder, editable: yes });
    new KsmApplication(stack, 'b', { name: text(), forceDestroy: yes });
    expect(made(all)).toContain('"force_destroy": "${var.v}"');
    const triggers = new TerraformVariable(stack, 'triggers', { type: 'map(string)' }).value;
    for (const rotationTriggers of [triggers, Token.asStringMap(triggers)])
      new Gateway(stack, `t${typeof rotationTriggers.resolve}`, { application, name: 't', rotationTriggers });
    expect(made(all).match(/"rotation_triggers": "\$\{var\.triggers\}"/g)).toHaveLength(2);
  });
});

test('an app is no stack', () => {
  expect(() => KsmAssertions.of(new App({ outdir: 'unused' }) as never)).toThrow('Expected a stack.');
});
