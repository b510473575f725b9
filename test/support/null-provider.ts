/**
 * A stand-in for `hashicorp/null`, made with the provider framework of this project: `null_resource` with its triggers.
 * The real one cannot be downloaded everywhere, and provisioners are Terraform's own, so that nothing else matters.
 */
import { createServer, type ResourceDefinition, type Session } from '../../provider/framework';
import { createLog, levelFrom, serve } from '../../provider/plugin';
import { providerMethods } from '../../provider/protocol';

const session: Session = {
  runId: 'null',
  wasRead() {},
  wasMissing() {},
  wasApplied() {},
  wasDeleted() {},
  async close() {},
};

const nullResource: ResourceDefinition<Session> = {
  typeName: 'null_resource',
  noun: 'null resource',
  schema: {
    version: 0,
    description: 'Stands for what its provisioners do.',
    attributes: {
      id: { type: 'string', computed: true, description: 'Another one each time.' },
      triggers: {
        type: { map: 'string' },
        optional: true,
        requiresReplace: true,
        description: 'A change makes it anew.',
      },
    },
  },

  async create({ planned }) {
    return { state: { ...planned, id: String(process.hrtime.bigint()) } };
  },
  async read({ state }) {
    return { state };
  },
  async update({ planned }) {
    return { state: planned };
  },
  async delete() {},
  async import() {
    return null;
  },
};

const log = createLog(levelFrom(process.env));

void serve({
  source: 'hashicorp/null',
  log,
  env: process.env,
  debug: false,
  load: () => {
    const server = createServer(
      {
        schema: { version: 0, description: 'Nothing.', attributes: {} },
        resources: [nullResource],
        dataSources: [],
        ephemeralResources: [],
        listResources: [],
        functions: [],
        validate: () => [],
        configure: () => ({ session, diagnostics: [] }),
        explain: () => undefined,
      },
      log,
    );
    const methods = providerMethods(server, log);
    return { find: (path) => methods.get(path), shutdown: (ending) => server.shutdown(ending) };
  },
});
