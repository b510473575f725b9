/** What counts as a credential: by whatever ways it comes to where it leaks, and nothing else. */
import { Resource } from '@cdktf/provider-null/lib/resource';
import {
  DataResource,
  Fn,
  propertyAccess,
  TerraformIterator,
  TerraformLocal,
  TerraformOutput,
  type TerraformResource,
  type TerraformStack,
  Token,
} from 'cdktf';
import { type ClientDevice, type Gateway, KsmApplication, KsmAssertions, KsmChecks, KsmProvider } from 'cdktf-ksm';
import type { Construct } from 'constructs';
import { referencesIn } from '../../../lib/private/checks/references';
import { emptyStack, SEAL_KEY } from '../private/stack';

interface World {
  readonly stack: TerraformStack;
  readonly application: KsmApplication;
  readonly device: ClientDevice;
  readonly gateway: Gateway;
}

function world(): World {
  const stack = emptyStack();
  new KsmProvider(stack, 'ksm');
  const application = new KsmApplication(stack, 'app', { name: 'app' });
  const device = application.addClientDevice('d', { name: 'd' });
  return { stack, application, device, gateway: application.addGateway('g', { name: 'g', initialization: 'config' }) };
}

/** As cdktf writes an expression that it knows nothing of. */
const raw = (expression: string) => Token.asString(`\${${expression}}`);
function address(construct: Construct): string {
  const { terraformResourceType, friendlyUniqueId } = (construct.node.defaultChild ?? construct) as TerraformResource;
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
const local = (stack: TerraformStack, id: string, value: unknown) => new TerraformLocal(stack, id, value);

/** Values in whose place the token of the device is, or the configuration of the gateway. */
const LEAKING: Record<string, (world: World) => unknown> = {
  'a local': ({ stack, device }) => local(stack, 'l', device.oneTimeToken).asString,
  'locals of locals': ({ stack, device }) => {
    local(stack, 'inner', { of: { token: device.oneTimeToken, id: device.id } });
    return local(stack, 'outer', raw('local.inner.of')).asAnyMap;
  },
  'a key of a local': ({ stack, device }) => {
    const { fqn } = local(stack, 'l', { token: device.oneTimeToken, id: device.id });
    return propertyAccess(fqn, ['token']);
  },
  'a whole device': ({ device }) => device.fqn,
  'its L1 as a whole': ({ device }) => device.node.defaultChild,
  'a whole gateway': ({ gateway }) => raw(address(gateway)),
  'a whole device in a local': ({ stack, device }) => {
    local(stack, 'l', raw(address(device)));
    return raw('local.l.one_time_token');
  },
  'a whole device as JSON': ({ device }) => Fn.jsonencode(device.fqn),
  'an attribute as a key': ({ device }) => propertyAccess(device.fqn, ['one_time_token']),
  'terraform_data that gives its input back': ({ stack, device }) =>
    new DataResource(stack, 'data', { input: { t: device.oneTimeToken } }).output,
  'terraform_data as a whole': ({ stack, device }) =>
    raw(address(new DataResource(stack, 'data', { triggersReplace: [device.oneTimeToken] }))),
  'an argument that is read back': ({ stack, device }) =>
    raw(`${address(new Resource(stack, 'null', { triggers: { t: device.oneTimeToken } }))}.triggers.t`),
  'an object within an expression': ({ device }) => Fn.lookup(Fn.merge([{ t: device.oneTimeToken }]), 't'),
  'a template within an expression': ({ device }) => Fn.upper(`token is ${device.oneTimeToken}`),
  'a loop of a template': ({ device }) =>
    Token.asString(`%{ for d in [${address(device)}] }\${d.one_time_token}%{ endfor }`),
  'a loop over a loop': ({ device }) =>
    raw(`[for d in [for k, e in { a = ${address(device)} } : e] : { token = d.one_time_token, id = d.id }]`),
  'each of forEach': ({ application }) => {
    const jobs = TerraformIterator.fromList(['a']);
    return raw(
      `values(${address(application.addClientDevice('jobs', { name: jobs.value, forEach: jobs }))})[*].one_time_token`,
    );
  },
  'a whole one of forEach': ({ application }) => {
    const jobs = TerraformIterator.fromList(['a']);
    return raw(`${address(application.addClientDevice('jobs', { name: jobs.value, forEach: jobs }))}["a"]`);
  },
};

/** Values beside it that are none. */
const HARMLESS: Record<string, (world: World) => unknown> = {
  'id, client id, hostname': ({ device }) => [device.id, device.clientId, device.hostname],
  'what is sealed': ({ application }) => {
    const sealed = application.addClientDevice('s', { name: 's', sealToPublicKey: SEAL_KEY });
    return [sealed.sealedOneTimeToken, sealed.sealedConfig];
  },
  'a local with the id alone': ({ stack, device }) => local(stack, 'l', { id: device.id }).asAnyMap,
  'the id beside a token in a local': ({ stack, device }) => {
    local(stack, 'l', { token: device.oneTimeToken, id: device.id });
    return raw('local.l.id');
  },
  'the id of a device in a local': ({ stack, device }) => {
    local(stack, 'l', raw(address(device)));
    return [raw('local.l.id'), raw('local.l["hostname"]')];
  },
  'the id as a key': ({ device }) => propertyAccess(device.fqn, ['id']),
  'the id of each': ({ application }) => {
    const jobs = TerraformIterator.fromList(['a']);
    const devices = application.addClientDevice('jobs', { name: jobs.value, forEach: jobs });
    return [devices.all('id'), raw(`values(${address(devices)})[*].id`), raw(`${address(devices)}["a"].id`)];
  },
  'the id in a loop over devices': ({ device }) => raw(`{ for k, d in { a = ${address(device)} } : k => d.id }`),
  'how many there are': ({ device }) => raw(`length([${address(device)}])`),
  'the id beside the token in an object': ({ device }) =>
    raw(`{ token = ${address(device)}.one_time_token, id = ${address(device)}.id }.id`),
  'the id that terraform_data gives back': ({ stack, device }) => {
    const data = new DataResource(stack, 'data', {
      input: { id: device.id },
      provisioners: [{ type: 'local-exec', command: 'x', environment: { TOKEN: device.oneTimeToken } }],
    });
    return [data.output, data.id, raw(address(data))];
  },
  'text that looks like it': ({ device }) => [
    `$\${${address(device)}.one_time_token}`,
    raw(`upper("${address(device)}.config")`),
  ],
  'a local that refers to itself': ({ stack }) => local(stack, 'l', raw('local.l.a')).asString,
};

function output({ stack }: World, value: unknown, sensitive?: true) {
  new TerraformOutput(stack, 'out', { value, sensitive });
  return KsmChecks.findings(stack).filter(({ rule }) => rule === 'token-in-output');
}

test.each(Object.entries(LEAKING))('%s is a credential', (_, value) => {
  const one = world();
  const [found, ...more] = output(one, value(one));
  expect(found).toMatchObject({
    path: 'ci/out',
    message: expect.stringMatching(/: ksm_\w+\.\w+\.(one_time_token|config)\.$/),
  });
  expect(more).toEqual([]);
  expect(() => KsmAssertions.of(one.stack).leaksNothing()).toThrow('token-in-output');
});

test.each(Object.entries(LEAKING))('%s may be a sensitive output', (_, value) => {
  const one = world();
  expect(output(one, value(one), true)).toEqual([]);
});

test.each(Object.entries(HARMLESS))('%s is none', (_, value) => {
  const one = world();
  expect(output(one, value(one))).toEqual([]);
});

test('triggers and inputs are followed as outputs are', () => {
  const { stack, device } = world();
  const { asString } = local(stack, 'l', device.oneTimeToken);
  new DataResource(stack, 'input', { input: { t: asString } });
  new DataResource(stack, 'triggers', { triggersReplace: { t: asString } });
  new DataResource(stack, 'self', {
    input: { id: device.id },
    provisioners: [
      { type: 'local-exec', command: raw('self.triggers_replace.t'), environment: { T: raw('self.input.id') } },
    ],
    triggersReplace: { t: asString },
  });
  const found = KsmChecks.findings(stack).map(({ rule, path }) => `${rule} ${path}`);
  expect(found).toEqual(
    expect.arrayContaining([
      'token-in-data-input ci/input',
      'token-in-triggers ci/triggers',
      'token-in-command ci/self',
    ]),
  );
});

test('each.value is followed into forEach', () => {
  const { stack, device } = world();
  const tokens = local(stack, 'tokens', { a: { token: device.oneTimeToken, id: device.id } });
  const each = TerraformIterator.fromMap(tokens.asAnyMap);
  new Resource(stack, 'ids', { forEach: each, triggers: { id: each.getString('id') } });
  new Resource(stack, 'token', { forEach: each, triggers: { token: each.getString('token') } });
  const found = KsmChecks.findings(stack).filter(({ rule }) => rule === 'token-in-triggers');
  expect(found.map(({ path }) => path)).toEqual(['ci/token']);
});

test('a dependency on a device consumes no token', () => {
  const { stack, device } = world();
  for (const id of ['a', 'b']) {
    new Resource(stack, id, { dependsOn: [device], lifecycle: { replaceTriggeredBy: [device.fqn] } });
  }
  expect(KsmChecks.findings(stack).map(({ rule }) => rule)).not.toContain('shared-token');
});

test.each(['${', '${a[', '${"', '%{ for', '${{a = ', '${[for x in y', '${a.b["c"', '${)}]', '${"${"${a.b}"}"}'])(
  '%s ends',
  (text) => {
    expect(Array.isArray(referencesIn(text))).toBe(true);
  },
);
