import {
  PageQuery,
  SecretParams,
  VaultFolder,
  VaultFolderCreate,
  VaultFolderDeleteQuery,
  VaultFolderPage,
  VaultRecordCreate,
  VaultRecordPage,
  VaultRecordPut,
} from '../../../contract/schemas';
import { callerOf } from '../caller';
import { written } from '../reply';
import { NoContent, readSchema, writeSchema } from '../route-schema';
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
        summary: 'Create a record, or replace its content and move it',
        tags,
        body: VaultRecordCreate,
        response: { 200: VaultRecordPut, 201: VaultRecordPut },
      }),
    },
    async (request, reply) => {
      const put = written(await operations.content.putRecord(callerOf(request), request.body), reply);
      return reply.code(put.created && !request.body.dryRun ? 201 : 200).send({ ...put.record, erased: put.erased });
    },
  );

  app.delete(
    '/vault/folders/:secretUid',
    {
      config: { action: 'vault_content.write' },
      schema: writeSchema({
        operationId: 'deleteVaultFolder',
        summary: 'Delete a folder and its grants, and by force everything in it',
        tags,
        params: SecretParams,
        querystring: VaultFolderDeleteQuery,
        response: { 204: NoContent },
      }),
    },
    async (request, reply) => {
      const { secretUid } = request.params;
      const { force = false } = request.query;
      written(await operations.content.removeFolder(callerOf(request), secretUid, { force }), reply);
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/vault/records/:secretUid',
    {
      config: { action: 'vault_content.write' },
      schema: writeSchema({
        operationId: 'deleteVaultRecord',
        summary: 'Delete a record and its grants',
        tags,
        params: SecretParams,
        response: { 204: NoContent },
      }),
    },
    async (request, reply) => {
      written(await operations.content.removeRecord(callerOf(request), request.params.secretUid), reply);
      return reply.code(204).send(null);
    },
  );
};
