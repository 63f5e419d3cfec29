/**
 * A damaged or hostile file can make the HDF5 library count for hours or for ever, and a call into WebAssembly ends only
 * by itself. So each loop and each function of the library counts down, and whenever the count is at its end, the library
 * asks for the time. Who answers that can throw and thereby end the call (core/nexus/library/h5wasm.ts does).
 */

import { readUnsigned, section, signed, unsigned } from './wasmFormat.mjs';

/** Turns of loops and calls between two looks at the clock: some milliseconds. */
const TURNS = 1_000_000;

/** What the library imports to ask for the time; takes nothing and gives a number. */
const CLOCK = 'emscripten_date_now';

/** Sections of a WebAssembly module, by their numbers. */
const IMPORT = 2;
const GLOBAL = 6;
const CODE = 10;

/**
 * @param {Uint8Array} wasm
 * @returns {Uint8Array} the same that looks at the clock from time to time
 */
export function interruptibleWasm(wasm) {
  const bytes = Buffer.from(wasm.buffer, wasm.byteOffset, wasm.byteLength);
  const sections = [...sectionsOf(bytes)];
  const find = (id) => sections.find((section) => section.id === id)?.content;
  const { clock, globals } = readImports(find(IMPORT));
  const [own, first] = readUnsigned(find(GLOBAL), 0);
  const count = globals + own;
  const written = sections.map(({ id, content }) => {
    // One more global: a number that changes.
    if (id === GLOBAL) return section(id, [unsigned(own + 1), content.subarray(first), turns]);
    if (id === CODE) return section(id, withCountdown(content, count, clock));
    return section(id, [content]);
  });
  return Buffer.concat([bytes.subarray(0, 8), ...written]);
}

const I32 = 0x7f;
const EMPTY = 0x40;
const signedTurns = signed(TURNS);
const turns = Buffer.concat([Buffer.from([I32, 1, 0x41]), signedTurns, Buffer.from([0x0b])]);

/** if ((count -= 1) == 0) { count = TURNS; clock() }: in this order, because the clock may throw. */
function countdown(count, clock) {
  const global = unsigned(count);
  return Buffer.concat([
    ...[Buffer.from([0x23]), global, Buffer.from([0x41, 1, 0x6b, 0x24]), global, Buffer.from([0x23]), global],
    ...[Buffer.from([0x45, 0x04, EMPTY, 0x41]), signedTurns, Buffer.from([0x24]), global],
    ...[Buffer.from([0x10]), unsigned(clock), Buffer.from([0x1a, 0x0b])],
  ]);
}

function* sectionsOf(bytes) {
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at];
    const [length, start] = readUnsigned(bytes, at + 1);
    yield { id, content: bytes.subarray(start, start + length) };
    at = start + length;
  }
}

/** The number of the function that tells the time, and how many globals are imported. */
function readImports(content) {
  let [entries, at] = readUnsigned(content, 0);
  let functions = 0;
  let globals = 0;
  let clock;
  const name = () => {
    const [length, start] = readUnsigned(content, at);
    at = start + length;
    return content.toString('utf8', start, at);
  };
  const limits = () => {
    const bounded = content[at] & 1;
    at = readUnsigned(content, at + 1)[1];
    if (bounded) at = readUnsigned(content, at)[1];
  };
  for (; entries > 0; entries -= 1) {
    name();
    const imported = name();
    const kind = content[at];
    at += 1;
    if (kind === 0) {
      if (imported === CLOCK) clock = functions;
      functions += 1;
      at = readUnsigned(content, at)[1];
    } else if (kind === 1) {
      at += 1;
      limits();
    } else if (kind === 2) limits();
    else if (kind === 3) {
      at += 2;
      globals += 1;
    } else
      throw new Error(
        `h5wasm imports something new (kind ${kind}): core/nexus/library/interruptibleWasm.mjs has to be adapted`,
      );
  }
  if (clock === undefined) throw new Error(`h5wasm asks no more for the time by ${CLOCK}`);
  return { clock, globals };
}

function withCountdown(code, count, clock) {
  const put = countdown(count, clock);
  const [functions, start] = readUnsigned(code, 0);
  const parts = [code.subarray(0, start)];
  let at = start;
  for (let number = 0; number < functions; number += 1) {
    const [size, body] = readUnsigned(code, at);
    const end = body + size;
    const pieces = bodyWithCountdown(code, body, end, put);
    parts.push(unsigned(pieces.reduce((sum, piece) => sum + piece.length, 0)), ...pieces);
    at = end;
  }
  return parts;
}

/** One function: its local variables, then its instructions. */
function bodyWithCountdown(code, start, end, put) {
  const pieces = [];
  let copied = start;
  const insert = (at) => {
    pieces.push(code.subarray(copied, at), put);
    copied = at;
  };
  let [groups, at] = readUnsigned(code, start);
  for (; groups > 0; groups -= 1) at = readUnsigned(code, at)[1] + 1;
  insert(at);
  while (at < end) {
    const isLoop = code[at] === 0x03;
    at = afterInstruction(code, at);
    if (isLoop) insert(at);
  }
  pieces.push(code.subarray(copied, end));
  return pieces;
}

/** Where the next instruction begins. */
function afterInstruction(code, start) {
  const opcode = code[start];
  let at = start + 1;
  const numbers = (amount) => {
    for (let left = amount; left > 0; left -= 1) while (code[at++] & 0x80);
    return at;
  };
  // Blocks have a type, and catches a tag or a label.
  if ((opcode >= 0x02 && opcode <= 0x04) || opcode === 0x06) return numbers(1);
  if (opcode === 0x07 || opcode === 0x08 || opcode === 0x09 || opcode === 0x18) return numbers(1);
  if (opcode === 0x0c || opcode === 0x0d || opcode === 0x10 || opcode === 0x12) return numbers(1);
  if (opcode === 0x0e) {
    const [labels, next] = readUnsigned(code, at);
    at = next;
    return numbers(labels + 1);
  }
  if (opcode === 0x11 || opcode === 0x13) return numbers(2);
  if (opcode === 0x1c) {
    const [types, next] = readUnsigned(code, at);
    return next + types;
  }
  if (opcode >= 0x20 && opcode <= 0x26) return numbers(1);
  if (opcode >= 0x28 && opcode <= 0x3e) return numbers(2);
  if (opcode === 0x3f || opcode === 0x40) return at + 1;
  if (opcode === 0x41 || opcode === 0x42) return numbers(1);
  if (opcode === 0x43) return at + 4;
  if (opcode === 0x44) return at + 8;
  const isPlain = [0x00, 0x01, 0x05, 0x0b, 0x0f, 0x19, 0x1a, 0x1b].includes(opcode);
  if (isPlain || (opcode >= 0x45 && opcode <= 0xc4)) return at;
  if (opcode === 0xfc) {
    const [more, next] = readUnsigned(code, at);
    at = next;
    if (more <= 7) return at;
    const [, amount] = bulk.find(([operation]) => operation === more) ?? [];
    if (amount !== undefined) return numbers(amount);
  }
  throw new Error(`h5wasm uses the instruction ${opcode}: core/nexus/library/interruptibleWasm.mjs has to be adapted`);
}

/** Instructions after 0xfc, and how many numbers each of them has. */
const bulk = [[8, 2], [9, 1], [10, 2], [11, 1], [12, 2], [13, 1], [14, 2], [15, 1], [16, 1], [17, 1]]; // prettier-ignore
