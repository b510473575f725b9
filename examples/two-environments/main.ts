/**
 * Test and live, each a vault of its own, by two providers in one stack: the application names its provider, and all
 * that stands below it follows. Addresses by TEST_ENDPOINT and LIVE_ENDPOINT, API tokens by TF_VAR_test_token and
 * TF_VAR_live_token, so that none is in the synthesized file.
 */
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { KsmApplication, KsmProvider, SharedFolder } from 'cdktf-ksm';

const app = new App();
const stack = new TerraformStack(app, 'two-environments');

for (const environment of ['test', 'live']) {
  const token = new TerraformVariable(stack, `${environment}_token`, { type: 'string', sensitive: true });
  const provider = new KsmProvider(stack, `${environment}-vault`, {
    alias: environment,
    endpoint: process.env[`${environment.toUpperCase()}_ENDPOINT`] ?? `https://ksm-${environment}.example.com:8443`,
    caCertificateFile: process.env[`${environment.toUpperCase()}_CA_FILE`],
    token: token.stringValue,
  });
  const application = new KsmApplication(stack, environment, { name: `Payments ${environment}`, provider });
  SharedFolder.fromName(stack, `${environment}-deployment`, 'Deployment', { provider }).grantRead(application);
  application.addClientDevice('deploy', {
    name: 'deploy job',
    // Live devices end by themselves after 90 days, and the next apply makes new ones.
    ...(environment === 'live' && { accessExpiresInMinutes: 60 * 24 * 90, reissue: 'expired' }),
  });
}

app.synth();
