import { expect, test } from 'vitest';
import { decodeElements } from '../../../core/nexus/decode.ts';

/** Numbers and texts that h5wasm cannot write or read: their bytes in memory, and what they are. */
const base = { signed: true, vlen: false, littleEndian: true };
const half = { ...base, type: 1, size: 2 };
const long = { ...base, type: 1, size: 16 };
const text = (strpad: number) => ({ ...base, type: 3, size: 6, strpad });

test.each([
  ['half 0.5', half, '0038', 0.5],
  ['half -2.25', half, '80c0', -2.25],
  ['half, smallest', half, '0100', 2 ** -24],
  ['half -inf', half, '00fc', -Infinity],
  ['half nan', half, '017e', NaN],
  ['extended 1.5, rubbish behind', long, '00000000000000c0ff3f7702727f0000', 1.5],
  ['extended -pi', long, '00c06821a2da0fc900c0e0ac03400000', -Math.PI],
  ['extended 0, rubbish behind', long, '000000000000000000007702727f0000', 0],
  ['extended inf', long, '0000000000000080ff7f000000000000', Infinity],
  ['quadruple 1.5', long, '00000000000000000000000000 80ff3f', 1.5],
  ['quadruple -2', long, '0000000000000000000000000000 00c0', -2],
  ['null-terminated', text(0), '616200636400', 'ab'],
  ['null-padded', text(1), '610062000000', 'a\0b'],
  ['space-padded', text(2), '612062202020', 'a b'],
  ['full', text(0), '616263646566', 'abcdef'],
  ['int64', { ...base, type: 0, size: 8 }, 'ffffffffffffff7f', 2n ** 63n - 1n],
  ['uint64', { ...base, type: 0, size: 8, signed: false }, 'ffffffffffffffff', 2n ** 64n - 1n],
])('%s', (_, type, hex, expected) => {
  const memory = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  expect(decodeElements(memory, 0, 1, type)).toEqual({ elements: [expected], invalidUtf8: false });
});

test('text that is no UTF-8 is read as Latin-1, and that is said', () => {
  const memory = Uint8Array.from(Buffer.from('\xb5m\0\0\0\0', 'latin1'));
  expect(decodeElements(memory, 0, 1, text(0))).toEqual({ elements: ['µm'], invalidUtf8: true });
});
