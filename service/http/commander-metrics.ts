import { Counter, Gauge, type Registry } from 'prom-client';
import type { CommandCounts } from '../vault/command-counts';

export function measureCommands(registry: Registry, { commands, queued, waitedMs }: CommandCounts): void {
  new Counter({
    name: 'ksm_iac_commander_commands_total',
    help: 'Commands sent to Keeper Commander, by their words.',
    labelNames: ['command'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [command, count] of commands) this.inc({ command }, count);
    },
  });
  new Gauge({
    name: 'ksm_iac_commander_queue_length',
    help: 'Commands that wait for Keeper Commander, the running one included.',
    registers: [registry],
    collect() {
      this.set(queued());
    },
  });
  new Counter({
    name: 'ksm_iac_commander_wait_seconds_total',
    help: 'How long commands have waited for their turn.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(waitedMs() / 1000);
    },
  });
}
