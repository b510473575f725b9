import * as contract from '../../contract/limits';
import * as lib from '../../lib/private/limits';

/** lib/ may not import contract/, so the numbers stand twice; this is what keeps them equal. */
describe('limits of the constructs', () => {
  test('are those of the contract', () => {
    const { CONTROL_CHARACTER, HALF_PAIR, UID_PATTERN, CLIENT_ID_PATTERN, SEAL_PUBLIC_KEY_PATTERN, ...numbers } = lib;
    expect(contract).toMatchObject({
      ...numbers,
      UID_PATTERN: UID_PATTERN.source,
      CLIENT_ID_PATTERN: CLIENT_ID_PATTERN.source,
      SEAL_PUBLIC_KEY_PATTERN: SEAL_PUBLIC_KEY_PATTERN.source.replace('\\/', '/'),
    });
  });

  test('every character that a name may not have is one that the contract refuses, and the other way round', () => {
    const allowed = new RegExp(contract.NAME_PATTERN, 'u');
    for (let code = 0; code <= 0xffff; code++) {
      const character = String.fromCharCode(code);
      expect(lib.CONTROL_CHARACTER.test(character) || lib.HALF_PAIR.test(character)).toBe(!allowed.test(character));
    }
    expect(allowed.test('🔐')).toBe(true);
  });
});
