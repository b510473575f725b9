import { encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import type { ProviderSchemas } from '../../../provider/framework/server';
import * as wire from '../../../provider/protocol/generated/tfplugin6';
import { anyValue } from '../framework/any-schema';
import type { Codec } from '../tiny/launch';

const codecs = wire as unknown as Record<string, Codec<Record<string, unknown>>>;

/**
 * Requests that no Terraform sends, for a provider with these schemas.
 *
 * @param paths of the methods that they are for
 */
export function hostileRequests(
  schemas: ProviderSchemas,
  paths: readonly string[],
): fc.Arbitrary<{ path: string; request: Uint8Array }> {
  const typeName = fc.constantFrom(
    ...['managed', 'data', 'ephemeral', 'list'].flatMap((kind) => Object.keys(schemas[kind as 'managed'])),
    'shout',
    'constructor',
    '__proto__',
    '',
    '\ud800',
  );

  /** Texts, numbers, collections in each other, anything that MessagePack or JSON can hold. */
  const junk = fc.oneof(
    fc.anything({ maxDepth: 3, withBigInt: false, withDate: false }),
    anyValue({ map: { list: 'number' } }, { unknown: false }),
    fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 70, '1e999', '\ud800', '__proto__', {}, []),
  );

  /** An object with some of the names that the schemas have, and others. */
  const names = [
    ...new Set(Object.values(schemas.managed).flatMap(({ attributes }) => Object.keys(attributes))),
    'kind',
    'height',
    'word',
    'guest',
    'city',
    'constructor',
  ];
  const objects: fc.Arbitrary<unknown> = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(junk, fc.array(fc.dictionary(fc.constantFrom(...names), junk, { maxKeys: 3 })), fc.string()),
    { maxKeys: 6, noNullPrototype: true },
  );

  const bytesOf = (value: unknown): Uint8Array => {
    try {
      return encode(value, { maxDepth: 20 });
    } catch {
      return Uint8Array.of(0xc1);
    }
  };
  const textOf = (value: unknown): Uint8Array => {
    try {
      return Buffer.from(JSON.stringify(value) ?? '');
    } catch {
      return Buffer.from('{');
    }
  };

  const cutOrFlipped = (bytes: fc.Arbitrary<Uint8Array>) =>
    fc.tuple(bytes, fc.nat(), fc.nat({ max: 9 }), fc.nat({ max: 255 })).map(([own, at, how, byte]) => {
      if (how > 1 || own.length === 0) return own;
      if (how === 0) return own.subarray(0, at % own.length);
      const flipped = Uint8Array.from(own);
      flipped[at % own.length] = byte;
      return flipped;
    });

  const dynamic = fc
    .tuple(fc.boolean(), fc.oneof(objects, objects, junk))
    .map(([packed, value]) =>
      packed ? { msgpack: bytesOf(value), json: Buffer.of() } : { msgpack: Buffer.of(), json: textOf(value) },
    );
  const raw = fc.oneof(objects, junk).map((value) => ({ json: textOf(value), flatmap: {} }));
  const privates = fc.oneof(objects.map(textOf), fc.uint8Array({ maxLength: 20 }), fc.constant(Buffer.of()));

  /** How the fields that requests have are made, by their names. */
  const FIELDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    typeName,
    targetTypeName: typeName,
    sourceTypeName: fc.constantFrom('terraform_data', 'x'),
    name: fc.constantFrom('shout', 'x'),
    config: dynamic,
    state: dynamic,
    currentState: dynamic,
    priorState: dynamic,
    plannedState: dynamic,
    proposedNewState: dynamic,
    arguments: fc.array(dynamic, { maxLength: 3 }),
    rawState: raw,
    rawIdentity: raw,
    sourceState: raw,
    identity: dynamic.map((identityData) => ({ identityData })),
    private: privates,
    priorPrivate: privates,
    plannedPrivate: privates,
    id: fc.string({ unit: 'binary', maxLength: 40 }),
    version: fc.integer(),
    clientCapabilities: fc.record({
      deferralAllowed: fc.boolean(),
      writeOnlyAttributesAllowed: fc.boolean(),
      storePlannedPrivate: fc.boolean(),
      computedBlocksAllowed: fc.boolean(),
    }),
  };
  // Elsewhere these names are of other types.
  const LISTED = { limit: fc.integer(), includeResourceObject: fc.boolean() };

  /** Requests of one method: its fields as they may come, cut, flipped, or bytes of no meaning at all. */
  function requestsOf(path: string): fc.Arbitrary<Uint8Array> {
    const name = path.split('/').pop()!;
    const codec = codecs[`${name}_Request`]!;
    const empty = codec.decode(new Uint8Array());
    const known = { ...FIELDS, ...(name === 'ListResource' ? LISTED : {}) };
    const own = Object.fromEntries(Object.entries(known).filter(([field]) => field in empty));
    const message = fc.record(own).map((values) => codec.encode({ ...empty, ...values }).finish());
    return fc.oneof(
      { weight: 9, arbitrary: cutOrFlipped(message) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
    );
  }

  return fc.oneof(...paths.map((path) => requestsOf(path).map((request) => ({ path, request }))));
}
