/** What the tests beside it test: a pipeline that reads one folder. */
import { TerraformStack } from 'cdktf';
import { KsmApplication, KsmProvider, SharedFolder } from 'cdktf-ksm';
import type { Construct } from 'constructs';

export class Pipeline extends TerraformStack {
  readonly folder = SharedFolder.fromUid(this, 'deployment', 'nu0VapSH89AWjZ1uWqY6qA');
  readonly application: KsmApplication;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KsmProvider(this, 'ksm');
    this.application = new KsmApplication(this, 'pipeline', { name: 'Pipeline' });
    this.folder.grantRead(this.application);
    this.application.addClientDevice('deploy', { name: 'deploy job', tokenExpiresInMinutes: 15 }).exportToken('token');
  }
}
