import { HELD_BODY_LIMIT_BYTES } from '../../../contract/limits';
import { Run, RunHeld, RunListQuery, RunPage, RunParams, RunSettle, RunSettled } from '../../../contract/schemas';
import { callerOf } from '../caller';
import { readSchema } from '../route-schema';
import { pageOf, type Routes } from './route';

const tags = ['runs'];

export const runRoutes: Routes = (operations) => async (app) => {
  app.put(
    '/runs/:runId',
    {
      bodyLimit: HELD_BODY_LIMIT_BYTES,
      // Renewing and settling are idempotent by themselves, so they take no idempotency key.
      config: { action: 'run.hold' },
      schema: readSchema({
        operationId: 'renewRun',
        summary: 'Renew the lease of a run, and tell what Terraform holds',
        tags,
        params: RunParams,
        body: RunHeld,
        response: { 200: Run },
      }),
    },
    (request) => operations.runs.renew(callerOf(request), request.params.runId, request.body.held),
  );

  app.post(
    '/runs/:runId/settle',
    {
      bodyLimit: HELD_BODY_LIMIT_BYTES,
      config: { action: 'run.settle' },
      schema: readSchema({
        operationId: 'settleRun',
        summary: 'End a run: what it made and does not hold is revoked',
        tags,
        params: RunParams,
        body: RunSettle,
        response: { 200: RunSettled },
      }),
    },
    (request) => {
      const { held, lost = false } = request.body;
      return operations.runs.settle(callerOf(request), request.params.runId, { held, lost });
    },
  );

  app.get(
    '/runs',
    {
      config: { action: 'run.list' },
      schema: readSchema({
        operationId: 'listRuns',
        summary: 'List runs, newest first; with a limited token its own',
        tags,
        querystring: RunListQuery,
        response: { 200: RunPage },
      }),
    },
    (request) => operations.runs.list(callerOf(request), { ...pageOf(request.query), state: request.query.state }),
  );
};
