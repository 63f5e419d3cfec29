import { describe, expect, it } from 'vitest';
import { checkSchemaFolder } from '../../../../core/imsc/checks/checkFolder.ts';
import type { FolderContext } from '../../../../core/imsc/checks/checkFolder.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';

interface Head {
  readonly id?: string;
  readonly name?: string;
  readonly order?: number | string;
  readonly selector?: unknown;
  readonly instrument?: string;
}

/** Codes and places by file, for schemas that are nothing but their general section. */
function folder(heads: Readonly<Record<string, Head>>, context: FolderContext = {}): Record<string, string[]> {
  const files = Object.entries(heads).map(([file, head]) => {
    const text = JSON.stringify({ id: file, name: file, order: file, selector: 'filename:contains:x', ...head });
    return { file, text, schema: bindSchema(parseTree(text, 'json')) };
  });
  const found = checkSchemaFolder(files, context);
  return Object.fromEntries(
    files.flatMap(({ file, text }) => {
      const problems = found.get(file) ?? [];
      return problems.length === 0
        ? []
        : [[file, problems.map(({ code, range }) => `${code} ${text.slice(range?.start, range?.end)}`)]];
    }),
  );
}

const starts = (operand: string): string => `filename:starts_with:${operand}`;

describe('schemas of one folder', () => {
  it('say nothing of each other where their files differ', () => {
    expect(folder({ a: { order: 1, selector: starts('/a') }, b: { order: 1, selector: starts('/b') } })).toEqual({});
  });

  it('must not share an id', () => {
    const found = folder({ a: { id: 'same', selector: starts('/a') }, b: { id: 'same', selector: starts('/b') } });
    expect(found).toEqual({ a: ['schema-duplicate-id "same"'], b: ['schema-duplicate-id "same"'] });
  });

  it('should not share an order where they may take the same file', () => {
    const found = folder({
      a: { order: 1, selector: 'filename:contains:a' },
      b: { order: '1', selector: 'filename:contains:b' },
    });
    expect(found).toEqual({ b: ['schema-same-order "1"'] });
  });

  it.each([
    [starts('/ess'), starts('/ess/coda')],
    ['*', 'filename:contains:a'],
    ['filename:contains:coda', starts('/ess/coda')],
    ['filename:contains:od', 'filename:contains:coda'],
    [{ or: [starts('/a'), starts('/b')] }, { or: [starts('/b/c'), starts('/a')] }],
    [starts('/a'), { and: ['filename:contains:x', starts('/a/b')] }],
    [{ and: [starts('/a'), 'filename:contains:b'] }, starts('/a/b')],
  ])('hide one another: %j takes all of %j', (first, second) => {
    const found = folder({ a: { selector: first }, b: { selector: second } });
    expect(found).toEqual({ b: [`schema-shadowed ${JSON.stringify(second)}`] });
  });

  it.each([
    [starts('/ess/coda'), starts('/ess')],
    [starts('/a'), 'filename:contains:/a'],
    [{ and: [starts('/a'), 'filename:contains:b'] }, starts('/a')],
    [starts('/a'), { or: [starts('/a/b'), starts('/c')] }],
    ['dirname:contains:a', 'filename:contains:a'],
    ['*', 'foldername:contains:a'],
    ['filename:contains:a', 'dirname:contains:b'],
    ['dirname:starts_with:a', 'filename:starts_with:a'],
  ])('do not hide one another: %j before %j', (first, second) => {
    expect(folder({ a: { selector: first }, b: { selector: second } })).toEqual({});
  });

  it('speak of their own instrument', () => {
    const found = folder({
      a: { instrument: 'dream', selector: starts('/ess/dream') },
      b: { instrument: 'loki', selector: starts('/ess/dream/x') },
    });
    expect(found['b']).toContain('selector-other-instrument "filename:starts_with:/ess/dream/x"');
    expect(
      folder({ a: { instrument: 'dream', selector: starts('/x') }, b: { instrument: 'loki', selector: starts('/y') } }),
    ).toEqual({});
  });

  it('come in the order of an ingestion, however they were found', () => {
    const found = folder({ b: { order: 2, selector: starts('/a/b') }, a: { order: 1, selector: starts('/a') } });
    expect(found).toEqual({ b: ['schema-shadowed "filename:starts_with:/a/b"'] });
  });

  it('need a fallback for the rest, if it is known that there is none', () => {
    const heads = { a: { selector: starts('/a') }, b: { selector: starts('/b') } };
    expect(folder(heads, { hasFallback: false })).toEqual({ b: ['no-fallback "filename:starts_with:/b"'] });
    expect(folder(heads, { hasFallback: true })).toEqual({});
    expect(folder({ ...heads, c: { selector: '*' } }, { hasFallback: false })).toEqual({});
  });
});
