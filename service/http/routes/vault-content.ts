import {
  PageQuery,
  VaultFolder,
  VaultFolderCreate,
  VaultFolderPage,
  VaultRecord,
  VaultRecordCreate,
  VaultRecordPage,
} from '../../../contract/schemas';
import { callerOf } from '../caller';
import { written } from '../reply';
import { readSchema, writeSchema } from '../route-schema';
import { pageOf, type Routes } from './route';

const tags = ['vault'];

/** The embedded vault alone has these (feature `vault.content`). */
export const vaultContentRoutes: Routes = (operations) => async (app) => {
  app.get(
    '/vault/folders',
    {
      config: { action: 'vault_content.read' },
      schema: readSchema({
        operationId: 'listVaultFolders',
        summary: 'List shared folders and the folders inside them',
        tags,
        querystring: PageQuery,
        response: { 200: VaultFolderPage },
      }),
    },
    (request) => operations.content.folders(callerOf(request), pageOf(request.query)),
  );

  app.post(
    '/vault/folders',
    {
      config: { action: 'vault_content.write' },
      schema: writeSchema({
        operationId: 'createVaultFolder',
        summary: 'Create a shared folder or a folder inside one, or rename it',
        tags,
        body: VaultFolderCreate,
        response: { 200: VaultFolder, 201: VaultFolder },
      }),
    },
    async (request, reply) => {
      const { folder, created } = written(await operations.content.putFolder(callerOf(request), request.body), reply);
      return reply.code(created ? 201 : 200).send(folder);
    },
  );

  app.get(
    '/vault/records',
    {
      config: { action: 'vault_content.read' },
      schema: readSchema({
        operationId: 'listVaultRecords',
        summary: 'List records, without their content',
        tags,
        querystring: PageQuery,
        response: { 200: VaultRecordPage },
      }),
    },
    (request) => operations.content.records(callerOf(request), pageOf(request.query)),
  );

  app.post(
    '/vault/records',
    {
      config: { action: 'vault_content.write' },
      schema: writeSchema({
        operationId: 'createVaultRecord',
        summary: 'Create a record, or replace its content',
        tags,
        body: VaultRecordCreate,
        response: { 200: VaultRecord, 201: VaultRecord },
      }),
    },
    async (request, reply) => {
      const { record, created } = written(await operations.content.putRecord(callerOf(request), request.body), reply);
      return reply.code(created ? 201 : 200).send(record);
    },
  );
};
