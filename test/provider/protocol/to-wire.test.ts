import { pathToWire } from '../../../provider/protocol/attribute-path';
import { typeToJson } from '../../../provider/protocol/attribute-type';
import { diagnosticsToWire } from '../../../provider/protocol/diagnostics';
import { AttributePath, Diagnostic_Severity, Schema } from '../../../provider/protocol/generated/tfplugin6';
import { schemaToWire } from '../../../provider/protocol/schema';
import { NOTE } from '../tiny/server';

test('a path keeps attribute names, list indexes and map keys apart', () => {
  const path = pathToWire(['rows', 0, { mapKey: '0' }]);
  expect(path.steps).toEqual([{ attributeName: 'rows' }, { elementKeyInt: 0 }, { elementKeyString: '0' }]);
  // The index 0 and the empty key must not vanish as protobuf's defaults do.
  const { steps } = AttributePath.decode(AttributePath.encode(pathToWire([0, { mapKey: '' }])).finish());
  expect(steps[0]).toMatchObject({ elementKeyInt: 0 });
  expect(steps[1]).toMatchObject({ elementKeyString: '' });
});

test('a diagnostic keeps severity, words and path', () => {
  const wire = diagnosticsToWire([
    { severity: 'error', summary: 'Wrong', detail: 'It is.', path: ['name'] },
    { severity: 'warning', summary: 'Odd', detail: '' },
  ]);
  expect(wire).toEqual([
    { severity: Diagnostic_Severity.ERROR, summary: 'Wrong', detail: 'It is.', attribute: pathToWire(['name']) },
    { severity: Diagnostic_Severity.WARNING, summary: 'Odd', detail: '', attribute: undefined },
  ]);
});

test('a type is written as Terraform writes types', () => {
  expect(typeToJson({ list: { object: { a: 'number', b: { map: { set: 'bool' } } } } })).toEqual([
    'list',
    ['object', { a: 'number', b: ['map', ['set', 'bool']] }],
  ]);
});

test('a schema keeps its version, its descriptions and what each attribute is', () => {
  const { version, block } = Schema.decode(Schema.encode(schemaToWire(NOTE)).finish());
  expect([version, block?.version, block?.description]).toEqual([1, 1, 'A note.']);
  const rows = block!.attributes.map(
    ({ name, type, required, optional, computed, sensitive }) =>
      `${name} ${Buffer.from(type)} ${[required && 'required', optional && 'optional', computed && 'computed', sensitive && 'sensitive'].filter(Boolean).join(' ')}`,
  );
  expect(rows).toEqual([
    'id "string" computed',
    'text "string" required',
    'secret "string" optional sensitive',
    'size "number" optional',
    'pinned "bool" optional',
    'labels ["map","string"] optional',
    'lines ["list",["object",{"at":"number","line":"string"}]] optional',
    'words ["set","string"] optional',
  ]);
});
