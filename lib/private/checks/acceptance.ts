import type { IConstruct } from 'constructs';
import type { KsmAcceptance } from '../../checks';
import { show, validOptions } from '../validate';

const ENTRY = 'cdktf-ksm.accept';
const KEYS: Record<keyof KsmAcceptance, true> = { rule: true, reason: true };

/** As metadata of the construct, so that it is inherited, and told from where it stands. */
export function acceptAs(construct: IConstruct, acceptance: KsmAcceptance): void {
  if (construct?.node === undefined) {
    throw new Error(`KsmChecks.accept: construct is ${show(construct)}. Expected a construct.`);
  }
  const wrong = (['rule', 'reason'] as const).filter(
    (field) => typeof acceptance?.[field] !== 'string' || acceptance[field].trim() === '',
  );
  const findings = [
    validOptions(acceptance, KEYS),
    ...wrong.map(
      (field) =>
        `${field} is ${show(acceptance?.[field])}. Expected ${field === 'rule' ? 'the id of a rule' : 'one sentence why'}.`,
    ),
  ].filter((finding) => finding !== undefined);
  if (findings.length > 0) throw new Error(`KsmChecks.accept of '${construct.node.path}': ${findings.join(' ')}`);
  construct.node.addMetadata(ENTRY, { rule: acceptance.rule, reason: acceptance.reason });
}

export interface Accepted extends KsmAcceptance {
  readonly construct: IConstruct;
  used: boolean;
}

/** All acceptances of a program, by the construct that they stand at. */
export function acceptancesIn(root: IConstruct): Map<IConstruct, Accepted[]> {
  const found = new Map<IConstruct, Accepted[]>();
  for (const construct of root.node.findAll()) {
    const entries = construct.node.metadata.filter(({ type }) => type === ENTRY);
    if (entries.length > 0) {
      found.set(
        construct,
        entries.map(({ data }) => ({ ...(data as KsmAcceptance), construct, used: false })),
      );
    }
  }
  return found;
}
