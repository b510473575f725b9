import { Type } from '@sinclair/typebox';

/** RFC 9457 problem, with a code from `contract/errors.ts` and a request id. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'URI reference of the documentation of the code.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'One of docs/errors.md; closed list.' }),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), message: Type.String() }))),
    dependents: Type.Optional(
      Type.Array(
        Type.Object({
          kind: Type.String(),
          id: Type.String(),
          name: Type.Union([Type.String(), Type.Null()]),
        }),
      ),
    ),
    dependentsTotal: Type.Optional(Type.Integer()),
    existingId: Type.Optional(Type.String()),
  },
  { $id: 'Problem' },
);
