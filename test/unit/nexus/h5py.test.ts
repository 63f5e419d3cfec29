import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openNexus } from '../../../core/nexus/file.ts';
import { NexusError } from '../../../core/nexus/model.ts';
import type { Element, NexusAttribute, NexusFile } from '../../../core/nexus/model.ts';
import { temporaryFolder } from '../../support/nexusFiles.ts';

/**
 * The same values as h5py reads, or none: files with numbers of every kind, byte order, precision and filter, which h5py
 * writes. Skipped with a message where no Python has h5py.
 */
const python = ['python3', '/usr/bin/python3', 'python'].find(
  (command) => spawnSync(command, ['-c', 'import h5py']).status === 0,
);
if (python === undefined) console.warn('Skipped: no Python with h5py to compare with.');

/** Lists of big-endian enumerated numbers, and big-endian integers of less than a byte, which h5py reads wrongly. */
const mayBeRefused = /(array|grid)_enumbe|[iu]1be_/;

type Printed = string | boolean | readonly Printed[] | { readonly [name: string]: Printed };
type Expected = Readonly<Record<string, Readonly<Record<string, { value?: Printed; error?: string }>>>>;

const folder = temporaryFolder();

describe.skipIf(python === undefined)('as h5py', () => {
  test('numbers of every layout, through every filter that is built in', async () => {
    const script = join(import.meta.dirname, '../../support/hdf5Types.py');
    const output = execFileSync(python ?? '', [script, folder], { maxBuffer: 1e9, encoding: 'utf8' });
    const expected = JSON.parse(output) as Expected;
    const wrong: string[] = [];
    const refused: string[] = [];
    let right = 0;
    for (const [path, objects] of Object.entries(expected)) {
      const file = await openNexus(path);
      const attributes = await file.attributes('/');
      for (const [name, { value }] of Object.entries(objects)) {
        if (value === undefined) continue;
        const found = await printed(file, attributes, name);
        const label = `${basename(path)}${name}`;
        if (found instanceof NexusError) refused.push(`${label}: ${found.message}`);
        else if (JSON.stringify(found) === JSON.stringify(value)) right += 1;
        else wrong.push(`${label}: ${JSON.stringify(found)} instead of ${JSON.stringify(value)}`);
      }
      await file.close();
    }
    console.info(`${right} right, ${refused.length} refused, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
    expect(refused.filter((each) => !mayBeRefused.test(each))).toEqual([]);
    expect(right).toBeGreaterThan(3_000);
  });
});

describe.skipIf(python === undefined)('names of groups and attributes', () => {
  test('come in the order of h5py, also where libraries have lost some of it', async () => {
    const own = join(folder, 'order');
    mkdirSync(own);
    const script = join(import.meta.dirname, '../../support/hdf5Order.py');
    const expected = JSON.parse(execFileSync(python ?? '', [script, own], { encoding: 'utf8' })) as Named;
    const found: Named = {};
    for (const [path, objects] of Object.entries(expected)) {
      const file = await openNexus(path);
      const named = (found[path] = {} as Named[string]);
      for (const name of Object.keys(objects)) {
        const { names } = await file.childNames(name);
        named[name] = { names, attributes: [...(await file.attributes(name)).keys()] };
      }
      await file.close();
    }
    expect(found).toEqual(expected);
    expect(Object.keys(found)).toHaveLength(3);
  });
});

type Named = Record<string, Record<string, { names: readonly string[]; attributes: readonly string[] }>>;

describe.skipIf(python === undefined)('values that are not there', () => {
  test('are none, however the dataset is stored, and what is there is read', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    const script = join(import.meta.dirname, '../../support/hdf5Storage.py');
    const expected = JSON.parse(
      execFileSync(python ?? '', [script, own], { maxBuffer: 1e9, encoding: 'utf8' }),
    ) as Stored;
    const wrong: string[] = [];
    for (const [path, objects] of Object.entries(expected)) {
      const file = await openNexus(path);
      for (const [name, values] of Object.entries(objects)) {
        const found = await file.read(name).then(
          ({ elements }) => elements,
          (error: unknown) => String(error),
        );
        const isRight =
          typeof values === 'string'
            ? typeof found === 'string' && found.includes(values)
            : JSON.stringify(found) === JSON.stringify(values);
        if (!isRight) wrong.push(`${basename(path)}${name}: ${JSON.stringify(found).slice(0, 300)}`);
      }
      await file.close();
    }
    expect(wrong).toEqual([]);
    // What is allowed by name is followed.
    const file = await openNexus(join(own, 'elsewhere.h5'), Infinity, [join(folder, 'foreign')]);
    for (const path of ['/outside', '/up', '/hidden', '/raw_outside']) {
      expect((await file.read(path)).elements, path).toEqual([0, 1, 2, 3]);
    }
    await expect(file.read('/pipe')).rejects.toMatchObject({ code: 'broken-link' });
    await file.close();
  });
});

type Stored = Readonly<Record<string, Readonly<Record<string, readonly number[] | string>>>>;

/** What is read, as the script prints it. */
async function printed(
  file: NexusFile,
  attributes: ReadonlyMap<string, NexusAttribute>,
  name: string,
): Promise<Printed | NexusError> {
  try {
    if (!name.startsWith('/@')) {
      const { elements } = await file.read(name);
      return elements.map((element) => print(element));
    }
    const attribute = attributes.get(name.slice(2));
    if (attribute === undefined) return new NexusError('unreadable-data', 'left out');
    return attribute.elements.map((element) => print(element));
  } catch (error) {
    if (error instanceof NexusError) return error;
    throw error;
  }
}

function print(element: Element): Printed {
  if (typeof element === 'string' || typeof element === 'boolean') return element;
  if (typeof element === 'bigint') return String(element);
  if (typeof element === 'number') return digits(element);
  if (element instanceof Uint8Array) return `${element.length} bytes`;
  if (Array.isArray(element)) return element.map((item: Element) => print(item));
  return Object.fromEntries(Object.entries(element).map(([name, item]) => [name, print(item)]));
}

function digits(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (Number.isInteger(value) && !Object.is(value, -0)) return String(BigInt(value));
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}
