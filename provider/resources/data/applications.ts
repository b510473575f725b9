import type { DataSourceDefinition } from '../../framework';
import { found, items } from '../private/data-attributes';
import type { KsmSession } from '../private/session';

export const applicationsData: DataSourceDefinition<KsmSession> = {
  typeName: 'ksm_applications',
  noun: 'applications',
  schema: {
    version: 0,
    description: 'All applications that the API token may see.',
    attributes: {
      items: items('The applications.', {
        id: found('UID of the application, 22 characters.'),
        name: found('Name of the application.'),
        created_at: found('When the application was created, ISO 8601 in UTC; null where the vault does not tell.'),
      }),
    },
  },

  async read({ session, call }) {
    const applications = await session.ask(call, (client) => client.listApplications());
    return { state: { items: applications.map(({ id, name, createdAt }) => ({ id, name, created_at: createdAt })) } };
  },
};
