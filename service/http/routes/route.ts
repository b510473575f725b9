/**
 * The routes of `/v1`, one file a noun: they validate, call one operation and
 * say the status. They may import contract/, operations/ and what stands
 * beside this folder.
 */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { PAGE_DEFAULT_ITEMS } from '../../../contract/limits';
import type { Operations } from '../../operations/operations';
import type { PageRequest } from '../../vault/vault';

export type Routes = (operations: Operations) => FastifyPluginAsyncTypebox;

export function pageOf(query: { cursor?: string | undefined; limit?: number | undefined }): PageRequest {
  return { cursor: query.cursor, limit: query.limit ?? PAGE_DEFAULT_ITEMS };
}
