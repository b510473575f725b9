import { Type } from '@sinclair/typebox';
import { PROBLEM_CONTENT_TYPE } from '../../contract/api';
import { Problem } from '../../contract/schemas';
import { ReadHeaders, WriteHeaders } from './caller';

/** The reply of every failure. */
const problem = {
  description: 'A problem: `code` says which, docs/errors.md what to do.',
  content: { [PROBLEM_CONTENT_TYPE]: { schema: Type.Ref(Problem) } },
};
const security = [{ apiToken: [] }];

/** What validates a read and describes it in OpenAPI. */
export const readSchema = <S extends { response: object }>(schema: S) => ({
  headers: ReadHeaders,
  security,
  ...schema,
  response: { ...(schema.response as S['response']), default: problem },
});

/** What validates a change and describes it in OpenAPI. */
export const writeSchema = <S extends { response: object }>(schema: S) => ({
  headers: WriteHeaders,
  security,
  ...schema,
  response: { ...(schema.response as S['response']), default: problem },
});

/** A reply without a body. */
export const NoContent = Type.Null({ description: 'Done.' });
