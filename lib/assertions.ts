import { TerraformStack, Testing } from 'cdktf';
import { resolve } from 'cdktf/lib/_tokens';
import type { IKsmApplication } from './application';
import { runOn } from './private/checks/run';
import { type Finding, show, validApplication, validKeys, withoutNulls } from './private/validate';
import type { ISecret } from './secret';

/**
 * What a device or a gateway is expected to be: only what is named here is compared.
 *
 * @stability stable
 */
export interface KsmExpectation {
  /**
   * Its application.
   *
   * @default - any
   */
  readonly application?: IKsmApplication;
  /**
   * Its name.
   *
   * @default - any
   */
  readonly name?: string;
  /**
   * Whether it is locked to an address. A gateway never is.
   *
   * @default - any
   */
  readonly ipLock?: boolean;
  /**
   * Minutes until its access ends. Of devices alone.
   *
   * @default - any
   */
  readonly accessExpiresInMinutes?: number;
  /**
   * `token` or `config`.
   *
   * @default - any
   */
  readonly initialization?: string;
  /**
   * Minutes in which its token can be redeemed.
   *
   * @default - any
   */
  readonly tokenExpiresInMinutes?: number;
  /**
   * `unredeemed`, `expired` or `never`.
   *
   * @default - any
   */
  readonly reissue?: string;
}

/** By attribute of Terraform, with the value where none is given. */
const ATTRIBUTES: Record<keyof KsmExpectation, readonly [string, unknown]> = {
  application: ['application_id', undefined],
  name: ['name', undefined],
  ipLock: ['ip_lock', true],
  accessExpiresInMinutes: ['access_expires_in_minutes', undefined],
  initialization: ['initialization', 'token'],
  tokenExpiresInMinutes: ['token_expires_in_minutes', 60],
  reissue: ['reissue', 'unredeemed'],
};

const LEAKS = [
  'token-in-output',
  'token-in-triggers',
  'token-in-name',
  'token-in-data-input',
  'token-in-command',
  'token-across-stacks',
  'plain-provider-token',
];

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

/**
 * What a test says of a synthesized stack. Each method throws where it is not
 * so, and says what is there instead; each returns the assertions, so that they
 * can be chained.
 *
 * @stability stable
 *
 * @example
 *
 * KsmAssertions.of(stack)
 *   .hasClientDevice({ name: 'deploy job', ipLock: true })
 *   .grantsRead(application, folder)
 *   .leaksNothing();
 */
export class KsmAssertions {
  /**
   * Synthesizes a stack once, aspects included.
   *
   * @param stack the stack
   */
  public static of(stack: TerraformStack): KsmAssertions {
    return new KsmAssertions(stack);
  }

  private readonly resources: Blocks;

  private constructor(private readonly stack: TerraformStack) {
    if (!TerraformStack.isStack(stack)) {
      throw new Error(`KsmAssertions.of: stack is ${show(stack)}. Expected a stack.`);
    }
    this.resources = (JSON.parse(Testing.synth(stack)) as { resource?: Blocks }).resource ?? {};
  }

  /**
   * There is a client device like this.
   *
   * @param expected what is compared; defaults of the provider count as given
   */
  public hasClientDevice(expected: KsmExpectation): KsmAssertions {
    return this.has('ksm_client_device', 'client device', expected);
  }

  /**
   * There is a gateway like this.
   *
   * @param expected what is compared; defaults of the provider count as given
   */
  public hasGateway(expected: KsmExpectation): KsmAssertions {
    return this.has('ksm_gateway', 'gateway', expected);
  }

  /**
   * An application may read a secret, and not change it.
   *
   * @param application who reads
   * @param secret what is read
   */
  public grantsRead(application: IKsmApplication, secret: ISecret): KsmAssertions {
    return this.grants(application, secret, false);
  }

  /**
   * An application may read a secret and change it.
   *
   * @param application who changes
   * @param secret what is changed
   */
  public grantsEdit(application: IKsmApplication, secret: ISecret): KsmAssertions {
    return this.grants(application, secret, true);
  }

  /**
   * An application is granted nothing in this stack.
   *
   * @param application who reads nothing
   */
  public grantsNothing(application: IKsmApplication): KsmAssertions {
    const found = this.grantsOf(application);
    if (found.length > 0) {
      throw new Error(`'${application.node.path}' is granted ${found.map(described).join(', ')}. Expected nothing.`);
    }
    return this;
  }

  /**
   * No credential stands where it is shown or kept a second time: the rules
   * `token-…` and `plain-provider-token` of `KsmChecks` find nothing that is not
   * accepted.
   */
  public leaksNothing(): KsmAssertions {
    const found = runOn([this.stack], this.stack, {}).filter(
      ({ rule, accepted }) => LEAKS.includes(rule) && accepted === undefined,
    );
    if (found.length > 0) {
      const lines = found.map(({ path, rule, message, cure }) => `[${path}] ${rule}: ${message} ${cure}`);
      throw new Error(`${found.length} leak(s) in '${this.stack.node.path}':\n${lines.join('\n')}`);
    }
    return this;
  }

  private has(type: string, noun: string, expected: KsmExpectation): KsmAssertions {
    const application = expected?.application ?? undefined;
    refuse(
      validKeys(expected, ATTRIBUTES as unknown as Record<string, true>) ??
        (application && validApplication(application)),
    );
    const wanted = Object.entries(withoutNulls(expected, ATTRIBUTES as unknown as Record<keyof KsmExpectation, true>))
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ({
        key,
        attribute: ATTRIBUTES[key as keyof KsmExpectation],
        value: key === 'application' ? this.textOf((value as IKsmApplication).id) : this.textOf(value),
      }));
    const blocks = Object.values(this.resources[type] ?? {});
    // A gateway has no lock, where a device has one unless it says otherwise.
    const valueIn = (block: Record<string, unknown>, [name, fallback]: readonly [string, unknown]) =>
      block[name] ?? (name === 'ip_lock' && type === 'ksm_gateway' ? false : fallback);
    if (blocks.some((block) => wanted.every(({ attribute, value }) => valueIn(block, attribute) === value)))
      return this;
    const shown = (entries: [string, unknown][]) => entries.map(([key, value]) => `${key} ${show(value)}`).join(', ');
    const found = blocks.map((block) =>
      shown([
        ['name', block.name],
        ...wanted
          .filter(({ key }) => key !== 'name')
          .map(({ key, attribute }): [string, unknown] => [key, valueIn(block, attribute)]),
      ]),
    );
    throw new Error(
      `No ${noun} with ${shown(wanted.map(({ key, value }) => [key, value]))} in '${this.stack.node.path}'. Found: ${
        found.length > 0 ? found.map((one) => `{ ${one} }`).join(', ') : 'none'
      }.`,
    );
  }

  private grants(application: IKsmApplication, secret: ISecret, editable: boolean): KsmAssertions {
    refuse(validGranted(secret));
    const uid = this.textOf(secret.uid);
    const all = this.grantsOf(application);
    if (all.some((grant) => grant.uid === uid && grant.editable === editable)) return this;
    const right = editable ? 'edit' : 'read, and no more than that,';
    throw new Error(
      `'${application.node.path}' may not ${right} '${secret.node.path}' in '${this.stack.node.path}'. It is granted: ${
        all.length > 0 ? all.map(described).join(', ') : 'nothing'
      }.`,
    );
  }

  private grantsOf(application: IKsmApplication): Granted[] {
    refuse(validApplication(application));
    const id = this.textOf(application.id);
    return [
      ['ksm_shared_folder_grant', 'folder_uid'],
      ['ksm_record_grant', 'record_uid'],
    ].flatMap(([type, attribute]) =>
      Object.values(this.resources[type!] ?? {})
        .filter((block) => block.application_id === id)
        .map((block) => ({ uid: String(block[attribute!]), editable: block.editable === true })),
    );
  }

  /** As it stands in the synthesized stack. */
  private textOf(value: unknown): unknown {
    return resolve(this.stack, value);
  }
}

interface Granted {
  readonly uid: string;
  readonly editable: boolean;
}

const described = ({ uid, editable }: Granted) => `${uid} (${editable ? 'edit' : 'read'})`;

function validGranted(secret: ISecret | undefined): Finding {
  if (secret?.node !== undefined && 'uid' in secret) return undefined;
  return `secret is ${show(secret)}. Expected a SharedFolder or a VaultRecord.`;
}

function refuse(wrong: Finding): void {
  if (wrong) throw new Error(`KsmAssertions: ${wrong}`);
}
