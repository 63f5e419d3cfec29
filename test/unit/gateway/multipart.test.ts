import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, MultipartError, splitMultipart } from '../../../gateway/http/multipart.ts';

async function* inPieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const size = Math.max(1, sizes[index % Math.max(1, sizes.length)] ?? bytes.length);
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

async function parts(body: Buffer, boundary = 'x', sizes: readonly number[] = []): Promise<Part[]> {
  const found: { headers: Record<string, string>; pieces: Uint8Array[]; ended: boolean }[] = [];
  for await (const event of splitMultipart(inPieces(body, sizes), boundary)) {
    const last = found.at(-1);
    if (event.kind === 'part') {
      if (last) expect(last.ended).toBe(true);
      found.push({ headers: Object.fromEntries(event.headers), pieces: [], ended: false });
    } else if (event.kind === 'data') {
      expect(event.bytes.length).toBeGreaterThan(0);
      last?.pieces.push(Buffer.from(event.bytes));
    } else if (last) last.ended = true;
  }
  return found.map(({ headers, pieces }) => ({ headers, content: Buffer.concat(pieces) }));
}

const contents = async (text: string, boundary?: string): Promise<string[]> =>
  (await parts(Buffer.from(text), boundary)).map(({ content }) => content.toString());

describe('a multipart body', () => {
  it.each([
    ['with CRLF', '--x\r\nA: 1\r\n\r\none\r\n--x\r\n\r\ntwo\r\n--x--\r\n', ['one', 'two']],
    ['with LF only', '--x\nA: 1\n\none\n--x\n\ntwo\n--x--', ['one', 'two']],
    ['with text before and behind', '\r\nMedia Post\r\n--x\r\n\r\none\r\n--x--\r\nbehind\r\n--x\r\n', ['one']],
    [
      'with an LF before a delimiter that ends in CRLF',
      '--x\r\n\r\n<a/>\n--x\r\n\r\nzip\r\n--x--\r\n',
      ['<a/>', 'zip'],
    ],
    ['with blanks behind a delimiter', '--x \t\r\n\r\none\r\n--x--', ['one']],
    ['with nothing in a part', '--x\r\nA: 1\r\n\r\n\r\n--x\r\n\r\n--x--', ['', '']],
    ['with lines that begin like a delimiter', '--x\r\n\r\n--xy\r\n--\r\n -x\r\n--x--', ['--xy\r\n--\r\n -x']],
    ['with more line breaks before a delimiter', '--x\r\n\r\none\r\n\r\n--x--', ['one\r\n']],
    ['with nothing behind the last delimiter', '--x\r\n\r\none\r\n--x--', ['one']],
  ])('%s', async (_, text, expected) => {
    expect(await contents(text)).toEqual(expected);
  });

  it('has headers, also in several lines', async () => {
    const [part] = await parts(Buffer.from('--x\r\nContent-Type: a/b;\r\n  c=d\r\nX-Name: Ä\r\n\r\n\r\n--x--'));
    expect(part?.headers).toEqual({ 'content-type': 'a/b; c=d', 'x-name': 'Ä' });
  });

  it.each([
    ['', 'cannot be found'],
    ['--y\r\n\r\n--y--', 'cannot be found'],
    ['--x\r\n\r\none', 'in the middle'],
    ['--x\r\n\r\none\r\n--x', 'in the middle'],
    ['--x\r\nno header\r\n\r\none\r\n--x--', 'no header'],
    [`--x\r\nA: ${'a'.repeat(20_000)}`, 'no end'],
  ])('%j is refused', async (text, reason) => {
    const failed: unknown = await contents(text).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(MultipartError);
    expect(String(failed)).toContain(reason);
  });

  it('gives what was put in, in whichever pieces it comes', async () => {
    const piece = fc.oneof(
      fc.constantFrom('\r\n', '\n', '\r', '--', '--bound', '--boundary', '-', '--boundary-', '\r\n--boundar'),
      fc.string({ maxLength: 5 }),
    );
    const content = fc.array(piece, { maxLength: 12 }).map((each) => Buffer.from(each.join('')));
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('\r\n', '\n'),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', 'before\r\n'),
        async (all, end, sizes, before) => {
          // What would be a delimiter itself cannot be content.
          fc.pre(!all.some((each) => /(?:^|\n)--boundary(?:--|[ \t]*\r?\n|[ \t]*\r?$)/.test(each.toString('latin1'))));
          // A CR before a delimiter that stands behind LF belongs to the delimiter.
          fc.pre(end === '\r\n' || !all.some((each) => each.at(-1) === 13));
          const body = Buffer.concat([
            Buffer.from(before),
            ...all.flatMap((each) => [Buffer.from(`--boundary${end}N: v${end}${end}`), each, Buffer.from(end)]),
            Buffer.from('--boundary--'),
          ]);
          const found = await parts(body, 'boundary', sizes);
          expect(found.map(({ content: bytes }) => bytes.toString('latin1'))).toEqual(
            all.map((each) => each.toString('latin1')),
          );
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('holds no more than a delimiter of a large part', async () => {
    const big = Buffer.alloc(1_000_000, 7);
    const body = Buffer.concat([Buffer.from('--x\r\n\r\n'), big, Buffer.from('\r\n--x--')]);
    let given = 0;
    let came = 0;
    async function* watched(): AsyncGenerator<Uint8Array> {
      for await (const piece of inPieces(body, [10_000])) {
        expect(came - given).toBeLessThan(10_200);
        came += piece.length;
        yield piece;
      }
    }
    for await (const event of splitMultipart(watched(), 'x')) if (event.kind === 'data') given += event.bytes.length;
    expect(given).toBe(big.length);
  });
});

describe('base64', () => {
  it('is decoded in whichever pieces it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
        async (bytes, sizes) => {
          const text = Buffer.from(bytes)
            .toString('base64')
            .replace(/.{1,20}/g, (line) => `${line}\r\n`);
          const found: Uint8Array[] = [];
          for await (const piece of decodeBase64(inPieces(Buffer.from(text), sizes))) found.push(piece);
          expect(Buffer.concat(found)).toEqual(Buffer.from(bytes));
        },
      ),
    );
  });

  it.each(['A', 'AA=', 'AA==BB==', 'A*==', '=AAA', 'PK\u0003\u0004'])('%j is none', async (text) => {
    const read = async (): Promise<void> => {
      for await (const piece of decodeBase64(inPieces(Buffer.from(text, 'latin1'), [3])))
        expect(piece.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toBeInstanceOf(MultipartError);
  });
});
