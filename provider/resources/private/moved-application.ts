import { type Applied, defaultsOf, type MoveRequest, type Schema, warningDiagnostic } from '../../framework';
import { isUid } from './import-id';
import type { Kept } from './kept';

/** Keeper's own provider, whatever registry it came from, and its resource. */
const SOURCE = { provider: /(^|\/)keeper-security\/commander$/i, typeName: 'commander_secrets_manager' } as const;

/** An application of Keeper's own provider as one of ours. */
export function movedApplication(
  schema: Schema,
  request: Pick<MoveRequest<unknown>, 'sourceProvider' | 'sourceTypeName' | 'sourceState'>,
): Applied<Kept> | undefined {
  const { sourceProvider, sourceTypeName, sourceState } = request;
  if (!SOURCE.provider.test(sourceProvider) || sourceTypeName !== SOURCE.typeName) return undefined;
  const { id, name, shares, app_users: users } = sourceState;
  if (typeof id !== 'string' || !isUid(id) || typeof name !== 'string') return undefined;
  return {
    state: { ...defaultsOf(schema), id, name },
    warnings: [stays(id, lengthOf(shares), lengthOf(users))],
  };
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

function stays(id: string, shares: number, users: number) {
  const people =
    users > 0
      ? ` Its app_users (${users}) stay as well; this provider does not manage who else may see the application.`
      : '';
  return warningDiagnostic(
    'The shares of the application stay, and are declared as grants',
    `The application ${id} was moved without its shares (${shares}), which stay in the vault as they are. Declare each as a ksm_shared_folder_grant or ksm_record_grant with the same "editable": what is granted already is adopted.${people}`,
  );
}
