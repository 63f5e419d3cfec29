import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openNexus } from '../../../core/nexus/file.ts';
import { formatElementType } from '../../../core/nexus/values/elementType.ts';
import type { NexusFile } from '../../../core/nexus/model.ts';

interface Item {
  path: string;
  kind: string;
  dtype?: string;
  shape?: number[];
  value?: unknown;
  target?: string;
  file?: string;
  strpad?: string;
  attrs?: Record<string, string | { dtype: string; value: unknown }>;
}

/** The files that the recorded cases were made with, and what they were made from. */
const conformance = join(import.meta.dirname, '../../conformance');
const files = new Map<string, Item[]>();
for (const name of readdirSync(join(conformance, 'vectors'))) {
  const vector = JSON.parse(readFileSync(join(conformance, 'vectors', name), 'utf8')) as {
    nexus?: Item[];
    nexus_file_built?: string;
  };
  if (vector.nexus && vector.nexus_file_built) files.set(vector.nexus_file_built, vector.nexus);
}

test.each([...files])('%s', async (name, items) => {
  const file = await openNexus(join(conformance, 'nexus', name));
  for (const item of items) await expectItem(file, item);
  await file.close();
});

async function expectItem(file: NexusFile, item: Item) {
  const node = await file.describe(item.path);
  const attributes = node.kind === 'broken-link' ? undefined : await file.attributes(item.path);
  for (const [name, attribute] of Object.entries(item.attrs ?? {})) {
    const value = typeof attribute === 'string' ? attribute : attribute.value;
    expect(attributes?.get(name)?.elements.flatMap(plain), `${item.path}@${name}`).toEqual(plainList(value));
    const texts = plainList(value);
    if (name === 'units' && node.kind === 'dataset') {
      expect(node.units).toBe(texts.length === 1 && typeof texts[0] === 'string' ? texts[0] : undefined);
    }
    if (name === 'NX_class') expect(node).toMatchObject({ nxClass: value });
  }
  if (item.kind === 'group') expect(node.kind).toBe('group');
  if (item.kind === 'softlink' && node.kind === 'broken-link') expect(node.target).toBe(item.target);
  if (item.kind === 'external') expect(node).toMatchObject({ target: `${item.file ?? ''}:${item.target ?? ''}` });
  if (item.kind !== 'dataset') return;
  const data = await file.read(item.path);
  expect(formatElementType(data.dataset.type)).toMatch(typeNames(item.dtype ?? ''));
  expect(data.dataset.shape).toEqual(item.dtype === 'null' ? null : item.shape);
  if (item.dtype !== 'null') expect(data.elements.flatMap(plain), item.path).toEqual(plainList(item.value, item.dtype));
}

function typeNames(dtype: string): RegExp {
  const [, kind, bytes] = /^[<>]?([iuf])(\d)$/.exec(dtype) ?? [];
  if (kind !== undefined) {
    return new RegExp(`^${{ i: 'int', u: 'uint', f: 'float' }[kind] ?? ''}${String(Number(bytes) * 8)}$`);
  }
  if (dtype.startsWith('fixed')) return new RegExp(`^string\\[${/\d+$/.exec(dtype)?.[0] ?? ''}\\]$`);
  return { bool: /^bool$/, enum: /^enum/, compound: /^\{/, null: /./ }[dtype] ?? /^string$/;
}

/** Recorded values, flat, as they are after being stored; integers beyond 2^53 as texts. */
function plainList(value: unknown, dtype?: string): unknown[] {
  const items = [value].flat(Infinity).flatMap(plain);
  return dtype?.endsWith('f4') === true ? items.map((item) => Math.fround(Number(item))) : items;
}

function plain(value: unknown): unknown[] {
  if (typeof value === 'bigint') return [Number.isSafeInteger(Number(value)) ? Number(value) : String(value)];
  if (typeof value === 'boolean') return [Number(value)];
  if (typeof value !== 'object' || value === null) return [value];
  const tagged = value as Record<string, unknown>;
  if ('$int' in tagged) return [tagged['$int']];
  if ('$float' in tagged) return [Number(String(tagged['$float']).replace('inf', 'Infinity'))];
  if ('$hex' in tagged) return [Buffer.from(String(tagged['$hex']), 'hex').toString('latin1')];
  return Object.values(tagged).flatMap(plain);
}
