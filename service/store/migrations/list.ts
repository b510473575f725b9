import { vault } from './0001_vault';
import { service } from './0002_service';
import { principalsAndRuns } from './0003_principals_and_runs';
import { namesAndConfigurations } from './0004_names_and_configurations';
import { endedApplications } from './0005_ended_applications';
import { intents } from './0006_intents';
import type { Migration } from './migration';

/** Every migration in order: a static list, so that it is bundled. Its length is the version of the database. */
export const migrations: readonly Migration[] = [
  vault,
  service,
  principalsAndRuns,
  namesAndConfigurations,
  endedApplications,
  intents,
];
