import { Counter, Gauge, type Registry } from 'prom-client';
import type { RunCounts } from '../operations/run-count';

/** Sampled when somebody asks, at most every few seconds. */
export function measureRuns(registry: Registry, counts: () => Promise<RunCounts>): void {
  const registers = [registry];
  new Gauge({
    name: 'ksm_iac_runs',
    help: 'Runs of provider processes that are known, by state.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      this.reset();
      const { stored } = await counts();
      for (const [state, count] of Object.entries(stored?.runs ?? {})) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'ksm_iac_run_items',
    help: 'What ended runs left: unsure, unclaimed, or dead and waiting for its removal.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      this.reset();
      const { stored } = await counts();
      for (const [state, count] of Object.entries(stored?.items ?? {})) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'ksm_iac_orphans_suspected',
    help: 'Devices and gateways that a lost reply of the vault may have left: listed by orphans list.',
    registers,
    async collect() {
      const { stored } = await counts();
      this.set(stored?.suspects ?? 0);
    },
  });
  new Counter({
    name: 'ksm_iac_run_lapses_total',
    help: 'Runs whose lease lapsed before they settled.',
    registers,
    async collect() {
      const { lapses } = await counts();
      this.reset();
      this.inc(lapses);
    },
  });
  new Counter({
    name: 'ksm_iac_run_removals_total',
    help: 'What was removed after its run, by kind and why: revoke, or end by itself.',
    labelNames: ['kind', 'verb'] as const,
    registers,
    async collect() {
      const { removals } = await counts();
      this.reset();
      for (const [action, count] of removals) {
        const [kind = '', verb = ''] = action.split('.');
        this.inc({ kind, verb }, count);
      }
    },
  });
}
