import type { KsmFinding } from '../../checks';
import type { RuleDescription } from './run';

/** For programs: findings as they are, the accepted ones too. */
export function jsonReport(findings: readonly KsmFinding[]): string {
  const open = (severity: string) =>
    findings.filter((finding) => finding.severity === severity && finding.accepted === undefined).length;
  const summary = {
    errors: open('error'),
    warnings: open('warning'),
    infos: open('info'),
    accepted: findings.filter(({ accepted }) => accepted !== undefined).length,
  };
  return `${JSON.stringify({ version: 1, summary, findings }, null, 2)}\n`;
}

const LEVELS: Readonly<Record<string, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * SARIF 2.1.0. Constructs are logical locations: a program has no one line for
 * a finding. The file is that of its stack, since GitHub takes no result without
 * one. An acceptance is a suppression with its reason.
 *
 * @param fileOf a relative path, with slashes, of the file that the construct of a path is in
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReport(
  findings: readonly KsmFinding[],
  rules: readonly RuleDescription[],
  fileOf: (path: string) => string,
): string {
  const index = new Map(rules.map(({ id }, i) => [id, i]));
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'cdktf-ksm',
            informationUri: 'https://github.com/ksm-iac/cdktf-ksm',
            rules: rules.map(({ id, severity, reason, cure }) => ({
              id,
              shortDescription: { text: reason },
              help: { text: cure },
              defaultConfiguration: { level: LEVELS[severity] },
            })),
          },
        },
        results: findings.map(({ rule, severity, path, message, cure, accepted }) => ({
          ruleId: rule,
          ruleIndex: index.get(rule),
          level: LEVELS[severity],
          message: { text: `${message} ${cure}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: fileOf(path).split('/').map(encodeURIComponent).join('/') },
                region: { startLine: 1 },
              },
              logicalLocations: [{ fullyQualifiedName: path, kind: 'object' }],
            },
          ],
          partialFingerprints: { 'rule-and-path/v1': `${rule}:${path}` },
          ...(accepted !== undefined && { suppressions: [{ kind: 'inSource', justification: accepted }] }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}
