/** A small vault for tests: two folders with a record each, and a record in none. */
import type { TestService } from './service';

export const VAULT = {
  deployment: 'AAAAAAAAAAAAAAAAAAAAAA',
  payroll: 'BBBBBBBBBBBBBBBBBBBBBA',
  deployKey: 'CCCCCCCCCCCCCCCCCCCCCA',
  salaries: 'DDDDDDDDDDDDDDDDDDDDDA',
  registry: 'EEEEEEEEEEEEEEEEEEEEEA',
  /** Well-formed, but nothing has it. */
  missing: 'FFFFFFFFFFFFFFFFFFFFFA',
} as const;

/** SECRET: no output of ours may ever show it. */
export const RECORD_PASSWORD = 'canary-record-password-7f3a';

export async function fillVault(service: TestService): Promise<void> {
  const client = service.client();
  const data = (title: string) => ({
    title,
    type: 'login',
    fields: [{ type: 'password', value: [RECORD_PASSWORD] }],
  });
  await client.createVaultFolder({ uid: VAULT.deployment, name: 'Deployment' });
  await client.createVaultFolder({ uid: VAULT.payroll, name: 'Payroll' });
  await client.createVaultRecord({ uid: VAULT.deployKey, folderUid: VAULT.deployment, data: data('deploy key') });
  await client.createVaultRecord({ uid: VAULT.salaries, folderUid: VAULT.payroll, data: data('salaries') });
  await client.createVaultRecord({ uid: VAULT.registry, data: data('registry') });
}
