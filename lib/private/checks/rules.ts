import { TerraformProvider, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { GatewayInstallation } from '../../gateway-installation';
import { type Block, constructAt, type Json, literalOf, type StackModel } from './model';
import { argumentsOf, secretsIn } from './secrets';

/** What a rule found: which construct, and what is there. */
export interface Match {
  readonly path: string;
  readonly message: string;
  /** What to do, where the rule's own cure does not fit. */
  readonly cure?: string;
  /** Where else it can be accepted. */
  readonly also?: readonly IConstruct[];
}

/** What the rules look at. */
export interface World {
  readonly root: IConstruct;
  readonly stacks: readonly StackModel[];
  readonly widelyGrantedMoreThan: number;
  readonly longTokenLifeMinutes: number;
}

/** One rule, with all that docs and reports say of it. */
export interface Rule {
  readonly id: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly reason: string;
  readonly cure: string;
  /** Two lines of a program, which a test compiles and runs: what is found, and what is not. */
  readonly bad: string;
  readonly good: string;
  /** Run only when it is named. */
  readonly optIn?: true;
  readonly check: (world: World) => Iterable<Match>;
}

const DEVICE = 'ksm_client_device';
const GATEWAY = 'ksm_gateway';
const GRANTS: Readonly<Record<string, string>> = {
  ksm_shared_folder_grant: 'folder_uid',
  ksm_record_grant: 'record_uid',
};

function* resourcesOf({ stacks }: World, ...types: string[]): Iterable<Block> {
  for (const { resources } of stacks) {
    for (const block of resources) if (types.length === 0 || types.includes(block.type)) yield block;
  }
}

/** Each value of a block under a key, at any depth: path of keys, and value. */
function* valuesUnder(value: Json | undefined, keys: RegExp, way = ''): Iterable<[string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '//') continue;
    const here = Array.isArray(value) ? way : way ? `${way}.${key}` : key;
    if (!Array.isArray(value) && keys.test(key)) yield [here, inner as Json];
    else yield* valuesUnder(inner as Json, keys, here);
  }
}

/** One application of one stack is one key: its UID, or what refers to it. */
function applicationOf({ stack, body }: Block): string {
  const id = String(body.application_id);
  return literalOf(id) ?? `${stack.stack.node.id} ${id}`;
}

interface Access {
  readonly edits: Set<string>;
  readonly gateways: Set<string>;
  readonly grants: Set<string>;
}

/** By application: whether something is granted to it, for editing too, and whether it has a gateway. */
function accessOf(world: World): Access {
  const access: Access = { edits: new Set(), gateways: new Set(), grants: new Set() };
  for (const block of resourcesOf(world, ...Object.keys(GRANTS))) {
    access.grants.add(applicationOf(block));
    if (block.body.editable === true) access.edits.add(applicationOf(block));
  }
  for (const block of resourcesOf(world, GATEWAY)) access.gateways.add(applicationOf(block));
  return access;
}

/** What grants a secret, and what stands for the secret itself. */
function grantsAndSecrets({ root }: World, blocks: readonly Block[]): IConstruct[] {
  const grants = blocks.map(({ path }) => constructAt(root, path));
  const secrets = grants.map((grant) => (grant as { secret?: IConstruct }).secret);
  return [...grants, ...secrets.filter((secret) => secret?.node !== undefined)] as IConstruct[];
}

/** What would be said of each block in whose attribute a credential stands. */
function* secretsUnder(world: World, keys: RegExp, says: (attribute: string) => string): Iterable<Match> {
  for (const stack of world.stacks) {
    for (const block of stack.resources) {
      for (const [attribute, value] of valuesUnder(block.body, keys)) {
        for (const secret of secretsIn(value, stack, block))
          yield { path: block.path, message: `${says(attribute)}: ${secret}.` };
      }
    }
  }
}

/** Two of one right are one too many; two of two rights undo each other at every apply. */
function sameGrant(block: Block, other: Block): Omit<Match, 'path'> {
  const may = ({ body: { editable = false } }: Block) =>
    typeof editable !== 'boolean' ? undefined : editable ? 'may edit' : 'may read';
  const [own, others] = [may(block), may(other)];
  if (own === others || own === undefined || others === undefined) {
    return { message: `'${other.path}' is the same grant.` };
  }
  const [reads, edits] = own === 'may edit' ? [other, block] : [block, other];
  return {
    message: `'${other.path}', which ${others}, is the same grant, and this one ${own}: they undo each other at every apply.`,
    cure: `Keep '${edits.path}' if a device or gateway has to change the secret, else '${reads.path}'.`,
  };
}

/** Whether a value is a whole block, or one of many, maybe as JSON, and not an attribute of it. */
function isWhole(value: Json | undefined, address: string): boolean {
  const expression =
    typeof value === 'string' ? /^\$\{(?:jsonencode\()?([\w.-]+)(?:\[[^\]]*\])?\)?\}$/.exec(value) : null;
  return expression?.[1] === address;
}

/** Whether a stack reads an output of another by its state, as cdktf writes it. */
function readsOutput(reader: StackModel, { stack }: StackModel, output: string): boolean {
  const reference = `terraform_remote_state.cross-stack-reference-input-${stack.node.id}.outputs.${output}`;
  return new RegExp(`${reference.replaceAll('.', '\\.')}(?![\\w-])`).test(JSON.stringify(reader.configuration));
}

/** Providers have no metadata; there is one of an alias in a stack. */
function providerAt(stack: TerraformStack, alias: Json | undefined): IConstruct {
  const found = stack.node
    .findAll()
    .find(
      (one) => TerraformProvider.isTerraformProvider(one) && one.terraformResourceType === 'ksm' && one.alias === alias,
    );
  return found ?? stack;
}

/** What fits where the command stands: a remote script has no environment, and an installation hands the credential over by itself. */
function commandCure({ root }: World, { path }: Block, attribute: string, secret: string): string {
  const kind = secret.endsWith('.config') ? 'CONFIG' : 'TOKEN';
  if (GatewayInstallation.isGatewayInstallation(constructAt(root, path))) {
    return `The command finds it in its environment: write "$KSM_GATEWAY_${kind}" in its place.`;
  }
  const gateway = secret.startsWith(`${GATEWAY}.`);
  if (attribute.endsWith('inline')) {
    return gateway
      ? 'Use GatewayInstallation with its connection.'
      : 'A remote script has no environment: copy the credential by a file provisioner into a folder of mode 700, and read it there.';
  }
  if (gateway && kind === 'TOKEN') {
    return 'Use installCommand with tokenVariable: "KSM_GATEWAY_TOKEN", and hand the token over under that name in the environment of the provisioner; or use GatewayInstallation.';
  }
  const variable = gateway ? 'KSM_GATEWAY_CONFIG' : kind === 'TOKEN' ? 'DEVICE_ONE_TIME_TOKEN' : 'DEVICE_CONFIG';
  return `Hand it over as ${variable} in the environment of the provisioner, and write "$${variable}" in the command.`;
}

/** All rules, in the order of the docs: who may read, what leaks, what fails or surprises. */
export const RULES: readonly Rule[] = [
  {
    id: 'unlocked-ip',
    severity: 'warning',
    reason: 'A token or configuration that leaks can be used from anywhere.',
    cure: 'Leave ipLock out, or accept it where the address of the consumer changes.',
    bad: `application.addClientDevice('ci', { name: 'ci', ipLock: false })`,
    good: `application.addClientDevice('ci', { name: 'ci' })`,
    *check(world) {
      for (const { body, path } of resourcesOf(world, DEVICE)) {
        // A configuration is bound by the service, so that it cannot be locked.
        if (body.ip_lock !== false || body.initialization === 'config') continue;
        yield { path, message: 'The device is not locked to an address.' };
      }
    },
  },
  {
    id: 'no-access-expiry',
    severity: 'info',
    reason: 'A device that nobody needs any more goes on reading until somebody removes it.',
    cure: 'Set accessExpiresInMinutes, with reissue: "expired" where it is to go on.',
    bad: `application.addClientDevice('ci', { name: 'ci' })`,
    good: `application.addClientDevice('ci', { name: 'ci', accessExpiresInMinutes: 129_600, reissue: 'expired' })`,
    *check(world) {
      for (const { body, path } of resourcesOf(world, DEVICE)) {
        if (body.access_expires_in_minutes === undefined)
          yield { path, message: 'The access of the device never ends.' };
      }
    },
  },
  {
    id: 'long-token-life',
    severity: 'warning',
    reason: 'Whoever finds a token that nobody has redeemed can redeem it.',
    cure: 'Set tokenExpiresInMinutes to what the consumer needs; one that lapses is issued anew.',
    bad: `application.addClientDevice('ci', { name: 'ci', tokenExpiresInMinutes: 1440 })`,
    good: `application.addClientDevice('ci', { name: 'ci', tokenExpiresInMinutes: 60 })`,
    *check(world) {
      for (const { body, path } of resourcesOf(world, DEVICE, GATEWAY)) {
        const minutes = body.token_expires_in_minutes;
        if (typeof minutes !== 'number' || minutes <= world.longTokenLifeMinutes) continue;
        yield { path, message: `The token can be redeemed for ${minutes} minutes.` };
      }
    },
  },
  {
    id: 'edit-grant',
    severity: 'warning',
    reason: 'Every device of the application may change the secrets, and mostly none has to.',
    cure: 'Use grantRead; a gateway gets an application of its own.',
    bad: `folder.grantEdit(application)`,
    good: `folder.grantRead(application)`,
    *check(world) {
      const { gateways } = accessOf(world);
      for (const block of resourcesOf(world, ...Object.keys(GRANTS))) {
        if (block.body.editable !== true || gateways.has(applicationOf(block))) continue;
        yield {
          path: block.path,
          message: 'The grant lets devices change the secret, and the application has no gateway.',
        };
      }
    },
  },
  {
    id: 'gateway-without-edit-grant',
    severity: 'warning',
    reason: 'A gateway that may change nothing can neither rotate nor discover.',
    cure: 'Grant the shared folder that it works with: folder.grantEdit(application).',
    bad: `folder.grantRead(application); application.addGateway('gw', { name: 'gw' })`,
    good: `folder.grantEdit(application); application.addGateway('gw', { name: 'gw' })`,
    *check(world) {
      const { edits } = accessOf(world);
      for (const block of resourcesOf(world, GATEWAY)) {
        if (edits.has(applicationOf(block))) continue;
        yield { path: block.path, message: 'No grant of its application in this program may edit.' };
      }
    },
  },
  {
    id: 'widely-granted',
    severity: 'warning',
    reason: 'A secret that many applications read cannot be changed, nor told who leaked it.',
    cure: 'Split the folder by who needs what, or raise widelyGrantedMoreThan.',
    bad: `for (const one of applications) folder.grantRead(one)`,
    good: `folder.grantRead(application)`,
    *check(world) {
      const granted = new Map<string, { readonly applications: Set<string>; readonly blocks: Block[] }>();
      for (const block of resourcesOf(world, ...Object.keys(GRANTS))) {
        const uid = literalOf(block.body[GRANTS[block.type]!]);
        if (uid === undefined) continue;
        const found = granted.get(uid) ?? { applications: new Set(), blocks: [] };
        granted.set(uid, found);
        found.applications.add(applicationOf(block));
        found.blocks.push(block);
      }
      for (const [uid, { applications, blocks }] of granted) {
        if (applications.size <= world.widelyGrantedMoreThan) continue;
        yield {
          path: blocks[0]!.path,
          message: `The secret ${uid} is granted to ${applications.size} applications.`,
          also: grantsAndSecrets(world, blocks),
        };
      }
    },
  },
  {
    id: 'token-in-output',
    severity: 'error',
    reason: 'Terraform prints outputs, and refuses one that holds a secret and is not marked.',
    cure: 'Mark the output sensitive, as exportToken does with that of a token.',
    bad: `new TerraformOutput(stack, 'token', { value: device.oneTimeToken })`,
    good: `device.exportToken('token')`,
    *check({ stacks }) {
      for (const stack of stacks) {
        for (const { name, body, path } of stack.outputs) {
          if (body.sensitive === true) continue;
          for (const secret of secretsIn(body.value, stack)) {
            yield {
              path,
              message: `The output "${name}" is not sensitive: ${secret}.`,
              ...(isWhole(body.value, secret.slice(0, secret.lastIndexOf('.'))) && {
                cure: 'It is the whole device or gateway: output its id, or what else is asked for, alone.',
              }),
            };
          }
        }
      }
    },
  },
  {
    id: 'token-in-triggers',
    severity: 'error',
    reason: 'Triggers are a second place of the secret in the state, and plans may show them.',
    cure: 'Trigger on the id of the device or gateway.',
    bad: `application.addGateway('gw', { name: 'gw', rotationTriggers: { device: device.oneTimeToken } })`,
    good: `application.addGateway('gw', { name: 'gw', rotationTriggers: { device: device.id } })`,
    check: (world) =>
      secretsUnder(
        world,
        /^(triggers|triggers_replace|rotation_triggers|keepers)$/,
        (attribute) => `A credential is in ${attribute}`,
      ),
  },
  {
    id: 'token-in-name',
    severity: 'error',
    reason: 'Names, descriptions and tags are shown everywhere and kept for long.',
    cure: 'Use the id or clientId of the device or gateway.',
    bad: `new KsmApplication(stack, 'audit', { name: \`of \${device.oneTimeToken}\` })`,
    good: `new KsmApplication(stack, 'audit', { name: \`of \${device.clientId}\` })`,
    check: (world) =>
      secretsUnder(
        world,
        /^(name|title|description|tags|labels|annotations)$/,
        (attribute) => `A credential is in ${attribute}`,
      ),
  },
  {
    id: 'token-in-data-input',
    severity: 'error',
    reason:
      'terraform_data keeps its input in the state and prints it when it is destroyed; a data source keeps its arguments, too.',
    cure: 'Hand the credential over by the environment of a provisioner.',
    bad: `new DataResource(stack, 'd', { input: { token: device.oneTimeToken } })`,
    good: `new DataResource(stack, 'd', { provisioners: [{ type: 'local-exec', command: './redeem.sh', environment: { DEVICE_ONE_TIME_TOKEN: device.oneTimeToken } }] })`,
    *check(world) {
      for (const block of resourcesOf(world, 'terraform_data')) {
        for (const secret of secretsIn(block.body.input, block.stack, block))
          yield { path: block.path, message: `A credential is the input: ${secret}.` };
      }
      for (const stack of world.stacks) {
        for (const block of stack.data) {
          // Of ours none takes one; what stands between two stacks is another rule's.
          if (block.type === 'terraform_remote_state') continue;
          for (const secret of secretsIn(argumentsOf(block), stack, block))
            yield {
              path: block.path,
              message: `A credential is an argument of data.${block.type}: ${secret}.`,
              cure: 'Have a program ask that a provisioner runs, with the credential in its environment.',
            };
        }
      }
    },
  },
  {
    id: 'token-in-command',
    severity: 'error',
    reason: 'Terraform quotes a command that fails; a remote script that fails stays on the host, readable by all.',
    cure: 'Hand it over in the environment of the provisioner, and write the variable in the command.',
    bad: `new DataResource(stack, 'd', { provisioners: [{ type: 'local-exec', command: gateway.installCommand('linux') }] })`,
    good: `new GatewayInstallation(stack, 'installation', { gateway })`,
    *check(world) {
      for (const block of resourcesOf(world)) {
        for (const [attribute, value] of valuesUnder(block.body.provisioner, /^(command|inline)$/)) {
          for (const secret of secretsIn(value, block.stack, block)) {
            yield {
              path: block.path,
              message: `A credential is in the ${attribute}: ${secret}.`,
              cure: commandCure(world, block, attribute, secret),
            };
          }
        }
      }
    },
  },
  {
    id: 'token-across-stacks',
    severity: 'warning',
    reason: 'The secret is in two states, and who reads the second stack’s can read the whole state of the first.',
    cure: 'Make the device or gateway in the stack that uses it: KsmApplication.fromUid(stack, "app", application.id).',
    bad: `new TerraformOutput(otherStack, 'token', { value: device.oneTimeToken, sensitive: true })`,
    good: `KsmApplication.fromUid(otherStack, 'app', application.id).addClientDevice('c', { name: 'c' }).exportToken('token')`,
    *check({ stacks }) {
      for (const stack of stacks) {
        for (const { name, body, path } of stack.outputs) {
          if (!name.startsWith('cross-stack-output-')) continue;
          for (const secret of secretsIn(body.value, stack)) {
            const block = stack.blocks.get(secret.slice(0, secret.lastIndexOf('.')));
            const readers = stacks
              .filter((other) => readsOutput(other, stack, name))
              .map((other) => other.stack.node.id);
            const who = readers.length > 0 ? `The stack ${readers.map((id) => `'${id}'`).join(', ')}` : 'Another stack';
            yield { path: block?.path ?? path, message: `${who} reads ${secret}.` };
          }
        }
      }
    },
  },
  {
    id: 'shared-token',
    severity: 'warning',
    reason: 'A token is redeemed once: the second consumer is refused, or takes it from the first.',
    cure: 'Give each consumer a device or gateway of its own.',
    bad: `for (const name of ['a', 'b']) install(name, device.oneTimeToken)`,
    good: `for (const name of ['a', 'b']) install(name, application.addClientDevice(name, { name }).oneTimeToken)`,
    *check(world) {
      const consumers = new Map<string, Set<string>>();
      for (const block of resourcesOf(world)) {
        for (const secret of secretsIn(argumentsOf(block), block.stack, block)) {
          if (!secret.endsWith('.one_time_token')) continue;
          consumers.set(secret, (consumers.get(secret) ?? new Set()).add(block.path));
        }
      }
      for (const [secret, paths] of consumers) {
        const [first, ...others] = paths;
        for (const path of others) yield { path, message: `${secret} is consumed by '${first}', too.` };
      }
    },
  },
  {
    id: 'duplicate-name',
    severity: 'warning',
    reason:
      'The vault refuses a second application of one name; of devices and gateways nobody can tell which is which.',
    cure: 'Give each a name of its own.',
    bad: `new KsmApplication(stack, 'a', { name: 'CI' }); new KsmApplication(stack, 'b', { name: 'CI' })`,
    good: `new KsmApplication(stack, 'a', { name: 'CI a' }); new KsmApplication(stack, 'b', { name: 'CI b' })`,
    *check(world) {
      const named = new Map<string, string>();
      for (const block of resourcesOf(world, 'ksm_application', DEVICE, GATEWAY)) {
        const name = literalOf(block.body.name);
        if (name === undefined || block.body.for_each !== undefined || block.body.count !== undefined) continue;
        const within =
          block.type === 'ksm_application'
            ? `${block.stack.stack.node.id} ${String(block.body.provider)}`
            : applicationOf(block);
        const key = JSON.stringify([block.type, within, name]);
        const other = named.get(key);
        if (other === undefined) named.set(key, block.path);
        else yield { path: block.path, message: `'${other}' has the name ${JSON.stringify(name)}, too.` };
      }
    },
  },
  {
    id: 'duplicate-grant',
    severity: 'warning',
    reason: 'Two resources are one grant of the vault: removing one takes away what the other says is there.',
    cure: 'Grant it once; granting from the secret’s side twice is one grant by itself.',
    bad: `new SharedFolderGrant(stack, 'one', { application, folder }); new SharedFolderGrant(stack, 'two', { application, folder })`,
    good: `folder.grantRead(application)`,
    *check(world) {
      const granted = new Map<string, Block>();
      for (const block of resourcesOf(world, ...Object.keys(GRANTS))) {
        if (block.body.for_each !== undefined || block.body.count !== undefined) continue;
        const uid = block.body[GRANTS[block.type]!] ?? null;
        const key = JSON.stringify([block.stack.stack.node.id, applicationOf(block), uid]);
        const other = granted.get(key);
        if (other === undefined) granted.set(key, block);
        else yield { path: block.path, ...sameGrant(block, other) };
      }
    },
  },
  {
    id: 'grant-after-device',
    severity: 'info',
    reason: 'Devices of another stack are made before the grant: who redeems a token at once finds nothing.',
    cure: 'Grant in the stack of the application: folder.grantRead(application).',
    bad: `application.addClientDevice('ci', { name: 'ci' }); new SharedFolderGrant(otherStack, 'grant', { application, folder })`,
    good: `application.addClientDevice('ci', { name: 'ci' }); folder.grantRead(application)`,
    *check(world) {
      for (const block of resourcesOf(world, ...Object.keys(GRANTS))) {
        const { application } = constructAt(world.root, block.path) as { application?: IConstruct };
        if (application?.node === undefined) continue;
        const home = application.node.scopes.find((scope) => world.stacks.some(({ stack }) => stack === scope));
        if (home === undefined || home === block.stack.stack) continue;
        const clients = world.stacks
          .find(({ stack }) => stack === home)!
          .resources.filter(
            ({ type, path }) => (type === DEVICE || type === GATEWAY) && path.startsWith(`${application.node.path}/`),
          );
        if (clients.length > 0)
          yield {
            path: block.path,
            message: `Devices of its application are made in the stack '${home.node.id}', before it.`,
          };
      }
    },
  },
  {
    id: 'plain-provider-token',
    severity: 'error',
    reason: 'The API token stands in the synthesized file, and in every artefact that it becomes part of.',
    cure: 'Leave it to KSM_IAC_TOKEN, or pass a sensitive TerraformVariable.',
    bad: `new KsmProvider(stack, 'eu', { alias: 'eu', token: 'ksm_…' })`,
    good: `new KsmProvider(stack, 'eu', { alias: 'eu' })`,
    *check({ stacks }) {
      for (const { stack, providers } of stacks) {
        for (const { token, alias } of providers) {
          if (literalOf(token) === undefined) continue;
          yield {
            path: providerAt(stack, alias).node.path,
            message: `The provider${alias ? ` "${String(alias)}"` : ''} has its token as plain text.`,
          };
        }
      }
    },
  },
  {
    id: 'no-default-provider',
    severity: 'warning',
    reason: 'Terraform makes up a provider from the environment: the resource may land in another vault.',
    cure: 'Name the provider of the application, or leave one KsmProvider without an alias.',
    bad: `new KsmProvider(otherStack, 'eu', { alias: 'eu' }); new KsmApplication(otherStack, 'app', { name: 'app' })`,
    good: `const eu = new KsmProvider(otherStack, 'eu', { alias: 'eu' }); new KsmApplication(otherStack, 'app', { name: 'app', provider: eu })`,
    *check({ stacks }) {
      for (const { providers, resources, data } of stacks) {
        if (providers.length === 0 || providers.some(({ alias }) => alias === undefined)) continue;
        for (const { type, body, path } of [...resources, ...data]) {
          if (type.startsWith('ksm_') && body.provider === undefined) {
            yield { path, message: 'It names no provider, and all of the stack have an alias.' };
          }
        }
      }
    },
  },
  {
    id: 'unverified-host',
    severity: 'warning',
    reason: 'Without the key of the host the token goes to whoever answers at its address.',
    cure: 'Give connection.hostKey.',
    bad: `new GatewayInstallation(stack, 'i', { gateway, connection: { type: 'ssh', host: 'gw-1.example.com' } })`,
    good: `new GatewayInstallation(stack, 'i', { gateway, connection: { type: 'ssh', host: 'gw-1.example.com', hostKey: 'ssh-ed25519 AAAA…' } })`,
    *check(world) {
      for (const block of resourcesOf(world)) {
        const { body, path } = block;
        if (secretsIn(body.provisioner, block.stack, block).length === 0) continue;
        const inner = [...valuesUnder(body.provisioner, /^connection$/)].map(([, connection]) => connection);
        for (const connection of [body.connection, ...inner]) {
          if (typeof connection !== 'object' || connection === null || Array.isArray(connection)) continue;
          if ((connection.type ?? 'ssh') === 'ssh' && connection.host_key === undefined) {
            yield { path, message: 'A credential goes to a host whose key is not checked.' };
          }
        }
      }
    },
  },
  {
    id: 'installs-locally',
    severity: 'info',
    reason: 'The gateway is installed on the machine that Terraform runs on: a runner of CI is gone after the job.',
    cure: 'Give connection, or accept it where Terraform runs on the host.',
    bad: `new GatewayInstallation(stack, 'installation', { gateway })`,
    good: `new GatewayInstallation(stack, 'installation', { gateway, connection })`,
    *check(world) {
      for (const { body, path } of resourcesOf(world, GatewayInstallation.tfResourceType)) {
        if (body.connection !== undefined || !GatewayInstallation.isGatewayInstallation(constructAt(world.root, path)))
          continue;
        yield { path, message: 'It has no connection.' };
      }
    },
  },
  {
    id: 'unsealed-in-state',
    severity: 'warning',
    optIn: true,
    reason: 'The credential stands in plan and state, for whoever may read them.',
    cure: 'Set sealToPublicKey to the public key of the consumer.',
    bad: `application.addClientDevice('ci', { name: 'ci' })`,
    good: `application.addClientDevice('ci', { name: 'ci', sealToPublicKey })`,
    *check(world) {
      for (const { body, path } of resourcesOf(world, DEVICE, GATEWAY)) {
        if (body.seal_to_public_key === undefined) yield { path, message: 'Its credential is not sealed.' };
      }
    },
  },
];
