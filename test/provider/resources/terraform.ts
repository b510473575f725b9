import type { Diagnostic, ObjectValue, ProviderServer, Schema, StateOutcome } from '../../../provider/framework';
import { isWhollyKnown } from '../../../provider/framework';
import { createProviderServer } from '../../../provider/resources';
import { recordingLog } from './recording-log';

const NONE: Uint8Array = new Uint8Array(0);

/** A resource as the state file has it. */
export interface Stored {
  readonly typeName: string;
  readonly state: ObjectValue;
  readonly private: Uint8Array;
}

export interface Plan {
  readonly action: 'create' | 'update' | 'replace' | 'nothing';
  readonly planned: ObjectValue;
  readonly replacedBy: string[];
  readonly warnings: string[];
}

/**
 * What Terraform's core does with a provider, and what it insists on: a plan
 * follows the configuration, an apply the plan, and nothing stays unknown.
 * Every command is a provider process of its own, as with Terraform.
 */
export class Terraform {
  readonly log = recordingLog();
  /** Every diagnostic so far. */
  readonly diagnostics: Diagnostic[] = [];

  constructor(
    private readonly provider: ObjectValue,
    private readonly environment: Record<string, string> = {},
  ) {}

  async process<T>(work: (server: ProviderServer) => Promise<T>): Promise<T> {
    const server = createProviderServer({ version: '0.0.0', log: this.log, environment: this.environment });
    const config = complete(server.schemas.provider, this.provider);
    this.noErrors((await server.validateProviderConfig(config)).diagnostics);
    this.noErrors((await server.configure({ terraformVersion: '1.11.4', config })).diagnostics);
    try {
      return await work(server);
    } finally {
      await server.shutdown();
    }
  }

  /** `terraform apply` of one resource: refresh, plan, then what the plan says. */
  async apply(typeName: string, configured: ObjectValue, stored?: Stored): Promise<Stored> {
    const refreshed = stored && (await this.refresh(stored));
    return this.process(async (server) => {
      const plan = await this.planIn(server, typeName, configured, refreshed);
      const config = complete(schemaOf(server, typeName), configured);
      const bytes = refreshed?.private ?? NONE;
      if (plan.action === 'nothing') return refreshed!;
      if (plan.action === 'replace') {
        await this.changeIn(server, typeName, refreshed!.state, null, config, bytes);
        const again = await this.planIn(server, typeName, configured, undefined);
        return (await this.changeIn(server, typeName, null, again.planned, config, NONE))!;
      }
      return (await this.changeIn(server, typeName, refreshed?.state ?? null, plan.planned, config, bytes))!;
    });
  }

  async plan(typeName: string, configured: ObjectValue, stored?: Stored): Promise<Plan> {
    const refreshed = stored && (await this.refresh(stored));
    return this.process((server) => this.planIn(server, typeName, configured, refreshed));
  }

  /** Undefined: gone. */
  async refresh(stored: Stored): Promise<Stored | undefined> {
    return this.process((server) => this.refreshIn(server, stored));
  }

  async refreshIn(server: ProviderServer, stored: Stored): Promise<Stored | undefined> {
    const upgraded = await server.upgradeResource({ ...stored, version: 0 });
    this.noErrors(upgraded.diagnostics);
    expect(upgraded.state).toEqual(stored.state);
    return this.kept(server, stored.typeName, await server.readResource(stored));
  }

  async destroy(stored: Stored): Promise<void> {
    await this.process(async (server) => {
      await this.changeIn(server, stored.typeName, stored.state, null, null, stored.private);
    });
  }

  /** `terraform import`, with the refresh that follows. */
  async import(typeName: string, id: string): Promise<Stored> {
    return this.process(async (server) => {
      const { resources, diagnostics } = await server.importResource({ typeName, id });
      this.noErrors(diagnostics);
      const [imported, ...others] = resources;
      expect({ others, keys: Object.keys(imported!.state).sort() }).toEqual({
        others: [],
        keys: Object.keys(schemaOf(server, typeName).attributes).sort(),
      });
      return (await this.refreshIn(server, imported!))!;
    });
  }

  /** A data source, as a plan reads it. */
  async look(typeName: string, configured: ObjectValue): Promise<ObjectValue> {
    return this.process((server) => this.lookIn(server, typeName, configured));
  }

  async lookIn(server: ProviderServer, typeName: string, configured: ObjectValue): Promise<ObjectValue> {
    const config = complete(server.schemas.data[typeName]!, configured);
    this.noErrors((await server.validate({ kind: 'data', typeName, config })).diagnostics);
    const { state, diagnostics } = await server.readDataSource({ typeName, config });
    this.noErrors(diagnostics);
    expect(isWhollyKnown(state)).toBe(true);
    for (const [name, value] of Object.entries(configured)) expect({ [name]: state![name] }).toEqual({ [name]: value });
    return state!;
  }

  async planIn(
    server: ProviderServer,
    typeName: string,
    configured: ObjectValue,
    stored: Stored | undefined,
  ): Promise<Plan> {
    const schema = schemaOf(server, typeName);
    const config = complete(schema, configured);
    this.noErrors((await server.validate({ kind: 'managed', typeName, config })).diagnostics);
    const prior = stored?.state ?? null;
    const request = { typeName, prior, proposed: config, config, private: stored?.private ?? NONE };
    const plan = await server.planResource(request);
    this.noErrors(plan.diagnostics);
    expect(await server.planResource(request)).toEqual(plan);
    const planned = plan.planned!;
    expect(Object.keys(planned).sort()).toEqual(Object.keys(schema.attributes).sort());
    for (const [name, { computed }] of Object.entries(schema.attributes)) {
      if (config[name] !== null || !computed) expect({ [name]: planned[name] }).toEqual({ [name]: config[name] });
    }
    const replacedBy = plan.requiresReplace.map((path) => path.join('.'));
    const warnings = plan.diagnostics.map(({ summary }) => summary);
    const unchanged = JSON.stringify(sorted(planned)) === JSON.stringify(prior && sorted(prior));
    const change = replacedBy.length > 0 ? 'replace' : 'update';
    return { action: !prior ? 'create' : unchanged ? 'nothing' : change, planned, replacedBy, warnings };
  }

  async changeIn(
    server: ProviderServer,
    typeName: string,
    prior: ObjectValue | null,
    planned: ObjectValue | null,
    config: ObjectValue | null,
    bytes: Uint8Array,
  ): Promise<Stored | undefined> {
    const outcome = await server.applyResource({ typeName, prior, planned, config, private: bytes });
    const stored = this.kept(server, typeName, outcome);
    for (const [name, value] of Object.entries(planned ?? {})) {
      if (isWhollyKnown(value)) expect({ [name]: stored?.state[name] }).toEqual({ [name]: value });
    }
    return stored;
  }

  private kept(server: ProviderServer, typeName: string, outcome: StateOutcome): Stored | undefined {
    this.noErrors(outcome.diagnostics);
    if (!outcome.state) return undefined;
    expect(isWhollyKnown(outcome.state)).toBe(true);
    const attributes = Object.keys(schemaOf(server, typeName).attributes).sort();
    expect(Object.keys(outcome.state).sort()).toEqual(attributes);
    return { typeName, state: outcome.state, private: outcome.private };
  }

  private noErrors(diagnostics: readonly Diagnostic[]): void {
    this.diagnostics.push(...diagnostics);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new TerraformError(errors);
  }
}

/** Terraform stopped with these errors. */
export class TerraformError extends Error {
  constructor(readonly errors: readonly Diagnostic[]) {
    super(errors.map(({ summary, detail, path }) => `${summary} (${path ?? ''}): ${detail}`).join('\n'));
  }
}

function schemaOf(server: ProviderServer, typeName: string): Schema {
  return server.schemas.managed[typeName]!;
}

/** A configuration as Terraform hands it over: every attribute, null where nothing is said. */
export function complete({ attributes }: Schema, configured: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, configured[name] ?? null]));
}

function sorted(object: ObjectValue) {
  return Object.entries(object)
    .map(([name, value]) => [name, typeof value === 'symbol' ? { unknown: true } : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
