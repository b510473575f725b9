import type { Schema } from './schema';

/** Something that a configuration names: what a diagnostic is about. */
export interface Subject {
  readonly kind: SubjectKind;
  /** The word of the configuration: "ksm_client_device"; a function's name. */
  readonly typeName: string;
  /** What people call it, lower case, for messages: "client device". */
  readonly noun: string;
  /** Absent for functions. */
  readonly schema?: Schema;
}

export type SubjectKind = 'managed' | 'data' | 'ephemeral' | 'list' | 'function';

/** How a configuration declares one: the words before its name. */
export const KIND_NOUNS: Readonly<Record<SubjectKind, string>> = {
  managed: 'resource',
  data: 'data source',
  ephemeral: 'ephemeral resource',
  list: 'list resource',
  function: 'function',
};
