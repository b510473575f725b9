/** What to do about a failure, where the service's own words do not say it in Terraform's. */
import { ENV } from '../../../contract/api';
import type { ErrorCode, ErrorFacts } from '../../../contract/errors';
import type { ApiTokenScope } from '../../../contract/types';
import type { Subject } from '../../framework';
import { listOf } from './dependents';

/** The narrowest scope that is enough for all that a thing of this kind does. */
const SCOPE_OF_KIND: Readonly<Record<Subject['kind'], ApiTokenScope>> = {
  managed: 'write',
  data: 'read',
  list: 'read',
  ephemeral: 'session',
  function: 'read',
};
const TOKEN = `The token is the argument token of this provider block, or ${ENV.token} for every block without one`;

const CURE_OF_CODE: Partial<Record<ErrorCode, string>> = {
  service_untrusted: `With several provider blocks give each its own ca_certificate_file: ${ENV.caCertificateFile} counts for every block without one.`,
  operation_timeout:
    'Run it again; or raise operation_timeout_seconds in the configuration of the provider, which is the time of each resource.',
  run_active:
    'Another apply is running, or one was killed less than two minutes ago. Nothing was made; apply again when it is over.',
  run_settled: 'Apply again: every apply is a run of its own.',
  cancelled: 'Run the command again.',
  rate_limited: 'Run it again with fewer calls at a time: terraform apply -parallelism=5.',
  vault_busy:
    'The vault runs one command at a time. Run it again, with fewer calls at a time (-parallelism=5); or raise operation_timeout_seconds in the configuration of the provider.',
  vault_changed:
    'Nothing was read or changed, and nothing is taken as deleted. Whoever runs the service has to look at the account that it is logged in to, and restate the vault.',
  gateway_name_pending:
    'Start the gateway that has the name, or remove it, and apply again. With create_before_destroy, give the new one another name.',
  grant_inherited:
    'Remove this grant from the configuration: what is in a granted folder is granted with it. For another permission, change that of the folder.',
  grant_taken_over: 'Nothing was deleted. Plan again.',
};

export function curesOf(code: ErrorCode, facts: ErrorFacts, { kind, typeName, schema }: Subject): string[] {
  const cures: string[] = [];
  if (code === 'unauthenticated') {
    cures.push(`${TOKEN}; one that may do this: ksm-iac token create --name NAME --scope ${SCOPE_OF_KIND[kind]}.`);
  }
  // Which token may do it, the service says.
  if (code === 'forbidden') cures.push(`${TOKEN}.`);
  const known = CURE_OF_CODE[code];
  if (known !== undefined) cures.push(known);
  // While the run that made it still lives, it may yet be that run's.
  if (facts.existingId && code !== 'run_active') {
    cures.push(
      `To manage what exists with this configuration, put the name of the resource for NAME and run:\n\n  terraform import ${typeName}.NAME ${facts.existingId}\n\nA CDK program calls importFrom("${facts.existingId}") on its construct.`,
    );
    if (code === 'application_exists') {
      cures.push('If it is the one that is being replaced (create_before_destroy), give the new one another name.');
    }
  }
  if (facts.dependents && facts.dependents.length > 0) {
    cures.push(`These still belong to it:\n${listOf(facts.dependents, facts.dependentsTotal)}`);
    if (Object.hasOwn(schema?.attributes ?? {}, 'force_destroy')) {
      cures.push(
        'Remove them first; or set force_destroy = true, apply, and destroy again: they are then removed with it.',
      );
    }
  }
  return cures;
}
