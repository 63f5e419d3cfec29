import { expect, test } from 'vitest';
import { blockOf } from '../../../core/hdf5/blocks.ts';
import { decodeElements } from '../../../core/hdf5/values/decode.ts';
import { decodeFloat } from '../../../core/hdf5/values/numbers.ts';
import type { Variable } from '../../../core/hdf5/values/decode.ts';
import type { StoredType } from '../../../core/hdf5/values/storedType.ts';

/** Nothing here is of variable length. */
const none: Variable = {
  text: () => new Uint8Array(0),
  list: (memory, at) => ({ memory, at, length: 0 }),
};

/** Bits of a floating-point number: its bytes, where exponent and fraction lie, and the bias. */
function float(
  size: number,
  [exponentAt, exponentBits, bias]: readonly [number, number, number],
  fractionBits: number,
  leadingBit: 'written' | 'implied' = 'implied',
): StoredType {
  return {
    kind: 'float',
    size,
    bits: {
      class: 'float',
      size,
      order: 'little',
      offset: 0,
      precision: exponentAt + exponentBits + 1,
      sign: exponentAt + exponentBits,
      exponent: { at: exponentAt, size: exponentBits, bias },
      mantissa: { at: 0, size: fractionBits },
      leadingBit,
    },
  };
}

function integer(size: number, precision: number, offset: number, signed = true, big = false): StoredType {
  const order = big ? 'big' : 'little';
  return { kind: 'integer', size, bits: { class: 'integer', size, order, offset, precision, signed } };
}

function text(padding: 'null-terminated' | 'null-padded' | 'space-padded'): StoredType {
  return { kind: 'text', size: 6, padding, isVariable: false };
}

/** Numbers and texts that h5wasm cannot write: their bytes in memory, and what they are. */
const half = float(2, [10, 5, 15], 10);
const brain = float(2, [7, 8, 127], 7);
const extended = float(16, [64, 15, 16383], 64, 'written');
const quadruple = float(16, [112, 15, 16383], 112);

test.each([
  ['half 0.5', half, '0038', 0.5],
  ['half -2.25', half, '80c0', -2.25],
  ['half, smallest', half, '0100', 2 ** -24],
  ['half -inf', half, '00fc', -Infinity],
  ['half nan', half, '017e', NaN],
  ['extended 1.5, rubbish behind', extended, '00000000000000c0ff3f7702727f0000', 1.5],
  ['extended -pi', extended, '00c06821a2da0fc900c0e0ac03400000', -Math.PI],
  ['extended 0, rubbish behind', extended, '000000000000000000007702727f0000', 0],
  ['extended inf', extended, '0000000000000080ff7f000000000000', Infinity],
  ['quadruple 1.5', quadruple, '0000000000000000000000000080ff3f', 1.5],
  ['quadruple -2', quadruple, '000000000000000000000000000000c0', -2],
  ['null-terminated', text('null-terminated'), '616200636400', 'ab'],
  ['null-padded', text('null-padded'), '610062000000', 'a\0b'],
  ['space-padded', text('space-padded'), '612062202020', 'a b'],
  ['full', text('null-terminated'), '616263646566', 'abcdef'],
  ['int64', integer(8, 64, 0), 'ffffffffffffff7f', 2n ** 63n - 1n],
  ['uint64', integer(8, 64, 0, false), 'ffffffffffffffff', 2n ** 64n - 1n],
  ['10 bits of 16, from the 4th, with rubbish around', integer(2, 10, 3), 'f7 ff', -2],
  ['10 bits of 16, unsigned', integer(2, 10, 3, false), 'f7 ff', 1022],
  ['24 bits', integer(3, 24, 0), 'feffff', -2],
  ['24 bits, big-endian', integer(3, 24, 0, true, true), 'fffffe', -2],
  ['40 bits of 64, from the 8th', integer(8, 40, 8), '00feffffffff0000', -2n],
  ['64 bits of 128', integer(16, 64, 32, false), '00000000 efcdab8967452301 00000000', 0x0123456789abcdefn],
  ['brain 1.5', brain, 'c03f', 1.5],
  ['brain, smallest', brain, '0100', 2 ** -133],
  ['a bias of its own', float(4, [23, 8, 131], 23), '00008041', 1],
  ['11 bits of exponent in 32', float(4, [20, 11, 1023], 20), '0000f03f', 1],
  ['quadruple, beyond double precision', quadruple, '000000000000000000000000000000 50', Infinity],
  ['quadruple, smallest double', quadruple, '00000000000000000000000000 00cd3b', 2 ** -1074],
  ['quadruple, a quarter of the smallest double', quadruple, '00000000000000000000000000 00cb3b', 0],
])('%s', (_, type, hex, expected) => {
  const memory = blockOf(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')));
  expect(decodeElements(memory, 0, 1, type, none)).toEqual({ elements: [expected], invalidUtf8: false });
});

test('a zero with an exponent, which the library takes for another number, is none', () => {
  const written = float(8, [52, 11, 1023], 52, 'written');
  const memory = blockOf(Uint8Array.from(Buffer.from('000000000000f03f', 'hex')));
  expect(() => decodeElements(memory, 0, 1, written, none)).toThrow('a zero with an exponent');
});

test('text that is not UTF-8 is read as Latin-1, and that is said', () => {
  const memory = blockOf(Uint8Array.from(Buffer.from('\xb5m\0\0\0\0', 'latin1')));
  expect(decodeElements(memory, 0, 1, text('null-terminated'), none)).toEqual({ elements: ['µm'], invalidUtf8: true });
});

test('a number that is immeasurably small is zero, whatever its bias', () => {
  const type = {
    class: 'float',
    size: 4,
    order: 'little',
    offset: 0,
    precision: 32,
    sign: 31,
    exponent: { at: 23, size: 8, bias: 2 ** 31 },
    mantissa: { at: 0, size: 23 },
    leadingBit: 'implied',
  } as const;
  expect(decodeFloat(Uint8Array.of(0, 0, 0x80, 0x3f), type)).toBe(0);
});
