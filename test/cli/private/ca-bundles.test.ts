import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { writeNodeCertificates, writePythonCertificates } from '../../../cli/private/ca-bundles';

const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
const [LOCAL, COMPANY, OTHER] = [pem('local'), pem('company'), pem('other')];
const read = (file: string) => readFileSync(file, 'utf8');
const certificates = (file: string) => read(file).match(/-----BEGIN [^-]*-----\n[^-]*\n-----END [^-]*-----\n?/g) ?? [];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ksm-iac-bundles-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('joined once more in the same shell, nothing is lost and nothing twice', async () => {
  const first = await writeNodeCertificates(COMPANY, LOCAL, dir);
  expect(certificates(first).map((one) => one.trim())).toEqual([COMPANY.trim(), LOCAL.trim()]);
  expect(await writeNodeCertificates(read(first), LOCAL, dir)).toBe(first);
  const python = await writePythonCertificates(undefined, LOCAL, dir);
  expect(certificates(python)).toHaveLength(rootCertificates.length + 1);
  expect(await writePythonCertificates(read(python), LOCAL, dir)).toBe(python);
});

test('a shell that trusts something else leaves the file of the first as it is', async () => {
  const first = await writeNodeCertificates(COMPANY, LOCAL, dir);
  const before = read(first);
  for (const own of ['', OTHER]) expect(await writeNodeCertificates(own, LOCAL, dir)).not.toBe(first);
  expect(read(first)).toBe(before);
});

test('of a CA that was made anew the one before is not trusted any more', async () => {
  const first = await writeNodeCertificates(COMPANY, LOCAL, dir);
  const renewed = await writeNodeCertificates(read(first), OTHER, dir);
  expect(certificates(renewed).map((one) => one.trim())).toEqual([COMPANY.trim(), OTHER.trim()]);
});
