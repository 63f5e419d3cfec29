import { describe, expect, it } from 'vitest';
import { checkSchemaFolder } from '../../../../core/imsc/checks/checkFolder.ts';
import type { FolderContext } from '../../../../core/imsc/checks/checkFolder.ts';
import { parseTree } from '../../../../core/imsc/tree/parse.ts';
import { bindSchema } from '../../../../core/imsc/schema/schema.ts';
import type { SchemaFile } from '../../../../core/imsc/schema/schema.ts';
import type { TextRange } from '../../../../core/problems/problem.ts';

interface Head {
  readonly id?: string;
  readonly name?: string;
  readonly order?: number | string;
  readonly selector?: unknown;
  readonly instrument?: string;
}

/** Schemas that are nothing but their general section. */
function schemasOf(heads: Readonly<Record<string, Head>>): (SchemaFile & { readonly text: string })[] {
  return Object.entries(heads).map(([file, head]) => {
    const text = JSON.stringify({ id: file, name: file, order: file, selector: 'filename:contains:x', ...head });
    return { file, text, schema: bindSchema(parseTree(text, 'json')) };
  });
}

/** What a reader sees of each file: the place, the words, and where the words lead. */
function said(heads: Readonly<Record<string, Head>>, context: FolderContext = {}): string[] {
  const files = schemasOf(heads);
  const textAt = (name: string, range?: TextRange): string =>
    files.find(({ file }) => file === name)?.text.slice(range?.start, range?.end) ?? '';
  return [...checkSchemaFolder(files, context)].flatMap(([file, problems]) =>
    problems.flatMap(({ message, range, related = [] }) => [
      `${file} ${textAt(file, range)}: ${message}`,
      ...related.map((place) => `  ${place.file ?? ''} ${textAt(place.file ?? '', place.range)}: ${place.message}`),
    ]),
  );
}

/** Codes and places by file. */
function folder(heads: Readonly<Record<string, Head>>, context: FolderContext = {}): Record<string, string[]> {
  const files = schemasOf(heads);
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

  it.each<[what: string, heads: Record<string, Head>]>([
    ['one of them cannot be understood', { a: { order: 1, selector: 'filename' }, b: { order: 1 } }],
    ['a part of one cannot be understood', { a: { order: 1, selector: { or: ['filename', '*'] } }, b: { order: 1 } }],
    ['one never takes a file', { a: { order: 1, selector: { or: [] } }, b: { order: 1 } }],
    ['one has no selector', { a: { order: 1, selector: null }, b: { order: 1 } }],
  ])('say nothing of their orders where %s', (_what, heads) => {
    expect(folder(heads)).toEqual({});
  });

  it('are looked for among all that have the order, not only the last', () => {
    const found = folder({
      a: { order: 1, selector: 'filename:contains:a' },
      b: { order: 1, selector: starts('/b') },
      c: { order: 1, selector: starts('/c') },
    });
    expect(found).toEqual({ b: ['schema-same-order 1'], c: ['schema-same-order 1'] });
  });

  it.each<[own: string, selector: unknown, isSaid: boolean]>([
    ['loki', { or: ['filename:contains:zz', starts('/ess/DREAM/x')] }, true],
    ['loki', { and: ['filename:contains:zz', starts('/ess/dream')] }, true],
    ['loki', { or: [starts('/ess/dream'), starts('/ess/loki')] }, false],
    [' Loki ', starts('/ess/dream'), true],
    ['loki', starts('/ess/dreams'), false],
    ['lo', starts('/ess/dream'), false],
    ['<instrument>', starts('/ess/dream'), false],
    ['loki', '*', false],
    ['loki', null, false],
  ])('of %j with the selector %j, which speaks of another instrument: %j', (instrument, selector, isSaid) => {
    const found = folder({
      a: { order: 1, instrument: 'Dream', selector: starts('/nowhere') },
      b: { order: 2, instrument, selector },
    });
    expect(found).toEqual(isSaid ? { b: [`selector-other-instrument ${JSON.stringify(selector)}`] } : {});
  });

  it('tell of each other by the names of their files', () => {
    expect(
      said({
        '/s/a.imsc.yml': { id: 'same', order: 1, selector: starts('/a') },
        '/s/b.imsc.yml': { id: 'same', order: 2, selector: starts('/b') },
        '/s/c.imsc.yml': { order: 2, instrument: 'dream', selector: 'filename:contains:dream' },
        '/s/d.imsc.yml': { order: 3, instrument: 'loki', selector: starts('/a/dream') },
      }),
    ).toMatchInlineSnapshot(`
      [
        "/s/a.imsc.yml "same": b.imsc.yml has the same id; only one of the two is used.",
        "  /s/b.imsc.yml "same": the same id",
        "/s/b.imsc.yml "same": a.imsc.yml has the same id and comes first; this schema is never used. Give it an id of its own.",
        "  /s/a.imsc.yml "same": the same id",
        "/s/c.imsc.yml 2: b.imsc.yml has the order 2 too and may match the same files; it is asked first only because of its name.",
        "  /s/b.imsc.yml 2: the same order",
        "/s/d.imsc.yml "filename:starts_with:/a/dream": This schema is for “loki”, but its selector speaks of “dream”, the instrument of c.imsc.yml.",
        "  /s/c.imsc.yml "dream": its instrument",
        "/s/d.imsc.yml "filename:starts_with:/a/dream": Every file that this selects is taken by a.imsc.yml, which is asked first; this schema is never used.",
        "  /s/a.imsc.yml "filename:starts_with:/a": takes every such file",
      ]
    `);
  });

  it('tell what becomes of files that none takes', () => {
    expect(said({ a: {} }, { hasFallback: false })).toMatchInlineSnapshot(`
      [
        "a "filename:contains:x": No schema takes every file and none is configured as fallback, so files that no selector matches are not ingested.",
      ]
    `);
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
    expect(folder({}, { hasFallback: false })).toEqual({});
    expect(folder({ ...heads, c: { selector: null } }, { hasFallback: false })).toEqual({ c: ['no-fallback null'] });
  });
});
