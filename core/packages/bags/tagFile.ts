/** One line of a text, without its end, with its number from one. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** Lines as all of LF, CR LF and CR end them; what stands behind the last end is a line only if it is not empty. */
export function linesOf(text: string): Line[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => ({ text: line, number: index + 1 }));
}

/**
 * The text of a tag file.
 * @param encoding as bagit.txt names it
 * @returns undefined if the encoding is not known, or the bytes are not of it
 */
export function decodeText(bytes: Uint8Array, encoding: string): string | undefined {
  const name = encoding.toLowerCase();
  // The decoder would take windows-1252 for it, which has other characters from 0x80 to 0x9f.
  if (/^(iso[-_]?8859-?1|latin-?1)$/.test(name)) return Buffer.from(bytes).toString('latin1');
  try {
    return new TextDecoder(labelFor(name, bytes), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-16 says its byte order with a mark; without one it is big-endian (RFC 2781, 4.3). */
function labelFor(name: string, bytes: Uint8Array): string {
  if (name !== 'utf-16') return name;
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-16be';
}

/** Label and value of one line `Label: value`, or of several that go on with a blank. */
export interface TagEntry {
  readonly label: string;
  readonly value: string;
  readonly line: number;
}

/** The entries of bag-info.txt, and the first line that is none (RFC 8493, 2.2.2). */
export function tagEntries(text: string): { readonly entries: readonly TagEntry[]; readonly wrong: Line | undefined } {
  const entries: TagEntry[] = [];
  for (const line of linesOf(text)) {
    const last = entries.at(-1);
    if (/^[ \t]/.test(line.text) && last) {
      entries[entries.length - 1] = { ...last, value: `${last.value} ${line.text.trim()}` };
      continue;
    }
    if (line.text.trim() === '') continue;
    const match = /^([^:]+?)[ \t]*:[ \t]*(.*)$/.exec(line.text);
    if (!match) return { entries, wrong: line };
    entries.push({ label: match[1] ?? '', value: (match[2] ?? '').trim(), line: line.number });
  }
  return { entries, wrong: undefined };
}

/** What bagit.txt says, or why it says nothing that can be used. */
export interface Declaration {
  /** `[1, 0]`; undefined if there is no version. */
  readonly version: readonly [number, number] | undefined;
  readonly encoding: string | undefined;
  /** What is wrong; the rest may be known all the same. */
  readonly mistake: string | undefined;
}

/** Reads bagit.txt (RFC 8493, 2.1.1). Blanks before the colons were allowed before version 1.0. */
export function readDeclaration(bytes: Uint8Array): Declaration {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = decodeText(hasMark ? bytes.subarray(3) : bytes, 'utf-8');
  if (text === undefined) return { version: undefined, encoding: undefined, mistake: 'it is not UTF-8' };
  const lines = linesOf(text);
  const version = /^BagIt-Version([ \t]*):[ \t]*(\d+)\.(\d+)[ \t]*$/.exec(lines[0]?.text ?? '');
  const encoding = /^Tag-File-Character-Encoding([ \t]*):[ \t]*(\S+)[ \t]*$/.exec(lines[1]?.text ?? '');
  const number: [number, number] | undefined = version ? [Number(version[2]), Number(version[3])] : undefined;
  const isStrict = number !== undefined && number[0] >= 1;
  let mistake: string | undefined;
  if (hasMark) mistake = 'it begins with a byte order mark';
  else if (!version) mistake = 'its first line is not “BagIt-Version: ” and a version such as 1.0';
  else if (!encoding) mistake = 'its second line is not “Tag-File-Character-Encoding: ” and an encoding';
  else if (lines.length > 2) mistake = 'it has more than two lines';
  else if (isStrict && lines.slice(0, 2).some(({ text: line }) => !/^[\w-]+: \S+$/.test(line)))
    mistake = 'from version 1.0 on its lines are a label, a colon, one blank and a value, and nothing else';
  return { version: number, encoding: encoding?.[2], mistake };
}
