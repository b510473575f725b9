/** The members of an application that `terraform query` lists, by the type of their resource. */
import type { Grant, SecretKind } from '../../contract/types';
import type { MemberList } from './private/listing';
import type { Snapshot } from './private/snapshot';

const named = ({ id, name }: { readonly id: string; readonly name: string }) => ({ id, displayName: name });

const grantsOf =
  (wanted: SecretKind) =>
  ({ grants }: Snapshot) =>
    [...grants.values()]
      .filter(({ kind }) => kind === wanted)
      .map(({ id, title, secretUid }: Grant) => ({ id, displayName: title ?? secretUid }));

export const memberLists: Readonly<Record<string, MemberList>> = {
  ksm_shared_folder_grant: { noun: 'shared folder grants', part: 'grants', members: grantsOf('folder') },
  ksm_record_grant: { noun: 'record grants', part: 'grants', members: grantsOf('record') },
  ksm_client_device: {
    noun: 'client devices',
    part: 'devices',
    members: ({ devices }) => [...devices.values()].map(named),
  },
  ksm_gateway: { noun: 'gateways', part: 'gateways', members: ({ gateways }) => [...gateways.values()].map(named) },
};
