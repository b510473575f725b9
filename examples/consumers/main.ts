/**
 * A credential goes to what uses it: one stack for each consumer. The bindings of the other vendors' providers are
 * packages of this folder alone (`npm ci` in it); README.md says what each stack needs to be applied.
 */

import { Instance } from '@cdktf/provider-aws/lib/instance';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { ActionsSecret } from '@cdktf/provider-github/lib/actions-secret';
import { DataGithubActionsPublicKey } from '@cdktf/provider-github/lib/data-github-actions-public-key';
import { GithubProvider } from '@cdktf/provider-github/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { SecretV1 } from '@cdktf/provider-kubernetes/lib/secret-v1';
import { App, Fn, TerraformOutput, TerraformStack } from 'cdktf';
import { Initialization, KsmApplication, KsmProvider, SharedFolder } from 'cdktf-ksm';

const FOLDER_UID = 'nu0VapSH89AWjZ1uWqY6qA';

/** What every stack begins with: an application that reads one shared folder. */
class Consumer extends TerraformStack {
  readonly application: KsmApplication;
  readonly folder = SharedFolder.fromUid(this, 'deployment', FOLDER_UID);

  constructor(app: App, id: string) {
    super(app, id);
    new KsmProvider(this, 'ksm');
    this.application = new KsmApplication(this, 'application', { name: id });
  }
}

const app = new App();

// GitHub Actions: sealed with the repository's key, so that neither plan nor state holds a token that works.
const github = new Consumer(app, 'github-actions');
new GithubProvider(github, 'github');
github.folder.grantRead(github.application);
const key = new DataGithubActionsPublicKey(github, 'key', { repository: 'payments' });
const actions = github.application.addClientDevice('actions', {
  name: 'GitHub Actions',
  ipLock: false, // each runner has another address
  sealToPublicKey: key.key,
});
new ActionsSecret(github, 'token', {
  repository: 'payments',
  secretName: 'DEVICE_ONE_TIME_TOKEN',
  encryptedValue: actions.sealedOneTimeToken,
});

// Kubernetes: External Secrets reads with a configuration, and so does the gateway of Keeper's Helm chart.
const cluster = new Consumer(app, 'kubernetes');
new KubernetesProvider(cluster, 'kubernetes');
cluster.folder.grantRead(cluster.application);
const operator = cluster.application.addClientDevice('external-secrets', {
  name: 'External Secrets',
  initialization: Initialization.CONFIG,
  ipLock: false,
});
new SecretV1(cluster, 'keeper', {
  metadata: { name: 'keeper-configuration', namespace: 'external-secrets' },
  binaryData: { auth: operator.config },
});
const gateways = new KsmApplication(cluster, 'gateways', { name: 'kubernetes gateways' });
cluster.folder.grantEdit(gateways);
const gateway = gateways.addGateway('gateway', { name: 'cluster', initialization: Initialization.CONFIG });
const chart = new SecretV1(cluster, 'gateway', {
  metadata: { name: 'keeper-gateway', namespace: 'keeper' },
  data: gateway.kubernetesSecretData,
});
new TerraformOutput(cluster, 'chart_values', {
  value: gateway.helmValues({ existingSecret: 'keeper-gateway' }),
  dependsOn: [chart],
});

// cloud-init: the machine redeems its token at the first boot; after that another token is no reason to make it anew.
const machine = new Consumer(app, 'cloud-init');
new AwsProvider(machine, 'aws', { region: 'eu-central-1' });
machine.folder.grantRead(machine.application);
const server = machine.application.addClientDevice('server', { name: 'payments server', ipLock: false });
new Instance(machine, 'server', {
  ami: 'ami-0123456789abcdef0',
  instanceType: 't3.small',
  userData: Fn.join('\n', [
    '#cloud-config',
    'runcmd:',
    `  - [/usr/local/bin/redeem, "${server.oneTimeToken}", "${server.hostname}"]`,
  ]),
  metadataOptions: { httpTokens: 'required' },
  lifecycle: { ignoreChanges: ['user_data'] },
});

// AWS SSM: an encrypted parameter that the program's role may read.
const store = new Consumer(app, 'aws-ssm');
new AwsProvider(store, 'aws', { region: 'eu-central-1' });
store.folder.grantRead(store.application);
const task = store.application.addClientDevice('task', {
  name: 'payments task',
  initialization: Initialization.CONFIG,
  ipLock: false,
});
new SsmParameter(store, 'config', { name: '/payments/ksm-config', type: 'SecureString', value: task.config });

app.synth();
