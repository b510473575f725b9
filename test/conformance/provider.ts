/**
 * The built provider as a Terraform of the newest protocol meets it: real gRPC, a real service behind it. One corner of
 * the protocol a test file, so that also those are tried that no Terraform on this machine knows.
 */
import { type ObjectValue, UNKNOWN } from '../../provider/framework';
import { objectFromWire, objectToWire } from '../../provider/protocol/dynamic-value';
import * as wire from '../../provider/protocol/generated/tfplugin6';
import { createProviderServer } from '../../provider/resources';
import { recordingLog } from '../provider/resources/recording-log';
import { Bench, type Codec, type PluginClient } from '../provider/tiny/launch';
import { ensureBundles } from '../support/bundles';
import { TestService } from '../support/service';
import { fillVault } from '../support/vault';

export const { schemas } = createProviderServer({ version: '0.0.0', log: recordingLog() });
export { UNKNOWN, wire };

const codecs = wire as unknown as Record<string, Codec<object>>;
const nothing = new Uint8Array();

/** A resource as Terraform keeps it. */
export interface Kept {
  readonly state: wire.DynamicValue;
  readonly private: Uint8Array;
  readonly identity: wire.ResourceIdentityData | undefined;
}

export class Conformance {
  private readonly bench = new Bench();
  private constructor(
    readonly service: TestService,
    private client: PluginClient,
  ) {}

  static async start(): Promise<Conformance> {
    const service = await TestService.start();
    await fillVault(service);
    const conformance = new Conformance(service, undefined as never);
    await conformance.restart();
    return conformance;
  }

  /** Another process of the provider, as the next command has one; the former one is shut down. */
  async restart(): Promise<void> {
    if (this.client) await this.shutDown();
    const plugin = this.bench.start(ensureBundles().provider, { ...this.bench.environment, TF_LOG: 'off' });
    this.client = await plugin.client(this.bench.clientCertificate);
    await this.configure();
  }

  async shutDown(): Promise<void> {
    await this.client.shutDown();
    this.client.close();
  }

  async close(): Promise<void> {
    await this.shutDown().catch(() => undefined);
    this.bench.close();
    await this.service.dispose();
  }

  async call<R>(name: string, message: object): Promise<R> {
    const request = codecs[`${name}_Request`]!;
    const complete = { ...request.decode(nothing), ...message };
    return (await this.client.call(name, [request, codecs[`${name}_Response`]!], complete)) as R;
  }

  /** Bytes as they are. */
  send(path: string, request: Uint8Array): Promise<Uint8Array[]> {
    return this.client.rawStream(path, request, undefined, 60_000);
  }

  list(message: Partial<wire.ListResource_Request>): Promise<wire.ListResource_Event[]> {
    const complete = { ...wire.ListResource_Request.decode(nothing), ...message };
    return this.client.stream('ListResource', [wire.ListResource_Request, wire.ListResource_Event], complete);
  }

  async configure(config: ObjectValue = {}): Promise<wire.Diagnostic[]> {
    const { KSM_IAC_ENDPOINT: endpoint, KSM_IAC_TOKEN: token } = this.service.env;
    const known = { endpoint: endpoint!, token: token!, ca_certificate_file: this.service.caCertificateFile };
    const { diagnostics } = await this.call<wire.ConfigureProvider_Response>('ConfigureProvider', {
      terraformVersion: '1.14.0',
      config: objectToWire(schemas.provider, complete(schemas.provider.attributes, { ...known, ...config })),
    });
    return diagnostics;
  }

  plan(
    typeName: string,
    config: ObjectValue,
    prior?: Kept,
    more: object = {},
  ): Promise<wire.PlanResourceChange_Response> {
    const own = value(typeName, config);
    // As Terraform proposes: what is computed and not configured stays as it was.
    const before = prior ? stateOf(typeName, prior.state) : {};
    const proposed = Object.fromEntries(
      Object.entries(schemas.managed[typeName]!.attributes).map(([name, { computed }]) => [
        name,
        config[name] ?? (computed ? (before[name] ?? null) : null),
      ]),
    ) as ObjectValue;
    return this.call('PlanResourceChange', {
      typeName,
      config: own,
      proposedNewState: prior ? objectToWire(schemas.managed[typeName]!, proposed) : own,
      priorState: prior?.state ?? objectToWire(schemas.managed[typeName]!, null),
      priorPrivate: prior?.private ?? nothing,
      priorIdentity: prior?.identity,
      ...more,
    });
  }

  /** Plans and applies; a replacement is the caller's business. */
  async apply(typeName: string, config: ObjectValue, prior?: Kept): Promise<Kept> {
    const plan = await this.plan(typeName, config, prior);
    good(plan.diagnostics);
    return this.applyPlanned(typeName, config, plan, prior);
  }

  async applyPlanned(
    typeName: string,
    config: ObjectValue,
    plan: wire.PlanResourceChange_Response,
    prior?: Kept,
  ): Promise<Kept> {
    const reply = await this.call<wire.ApplyResourceChange_Response>('ApplyResourceChange', {
      typeName,
      config: value(typeName, config),
      priorState: prior?.state ?? objectToWire(schemas.managed[typeName]!, null),
      plannedState: plan.plannedState,
      plannedPrivate: plan.plannedPrivate,
      plannedIdentity: plan.plannedIdentity,
    });
    good(reply.diagnostics);
    return { state: reply.newState!, private: reply.private, identity: reply.newIdentity };
  }

  async read(typeName: string, kept: Kept, more: object = {}): Promise<wire.ReadResource_Response> {
    const { state: currentState, private: own, identity: currentIdentity } = kept;
    return this.call('ReadResource', { typeName, currentState, private: own, currentIdentity, ...more });
  }

  async import(typeName: string, what: { id?: string; identity?: wire.ResourceIdentityData }): Promise<Kept> {
    const { importedResources, diagnostics } = await this.call<wire.ImportResourceState_Response>(
      'ImportResourceState',
      {
        typeName,
        ...what,
      },
    );
    good(diagnostics);
    const [imported] = importedResources;
    const kept = { state: imported!.state!, private: imported!.private, identity: imported!.identity };
    const read = await this.read(typeName, kept);
    good(read.diagnostics);
    return { state: read.newState!, private: read.private, identity: read.newIdentity };
  }
}

function complete(attributes: object, given: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, given[name] ?? null]));
}

/** A configuration as Terraform hands it over: null where nothing is said. */
export function value(typeName: string, config: ObjectValue): wire.DynamicValue {
  const schema = schemas.managed[typeName]!;
  return objectToWire(schema, complete(schema.attributes, config));
}

export function stateOf(typeName: string, state: wire.DynamicValue | undefined): ObjectValue {
  return objectFromWire(schemas.managed[typeName]!, state, 'state') ?? {};
}

/** No error and no warning. */
export function good(diagnostics: readonly wire.Diagnostic[]): void {
  expect(diagnostics).toEqual([]);
}

export const said = (diagnostics: readonly wire.Diagnostic[]): string =>
  diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`).join('\n');

/** What a plan does with an object that is there. */
export function actionOf(typeName: string, prior: Kept, plan: wire.PlanResourceChange_Response): string {
  good(plan.diagnostics);
  if (plan.requiresReplace.length > 0) return 'replace';
  const [before, after] = [stateOf(typeName, prior.state), stateOf(typeName, plan.plannedState)];
  const changes = Object.keys(before).some(
    (name) => after[name] === UNKNOWN || JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  return changes ? 'update' : 'nothing';
}
