import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { importX } from 'eslint-plugin-import-x';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import { lifecycle } from '../../core/jobs/lifecycle.ts';
import { arrowRules, browserRooms, faces, rooms } from '../../scripts/arrows.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /^(core|cli|client|sandbox|server|gateway)\//.test(file) && existsSync(path.join(root, file)));

/** What a file imports of ours, types too, from the root on. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, file), 'utf8'), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.normalize(path.posix.join(path.posix.dirname(file), name)));
}

const graph = new Map(sources.map((file) => [file, importsOf(file)]));

const isIn = (file: string, room: string): boolean => file === room || file.startsWith(`${room}/`);
const isThere = (room: string): boolean => sources.some((file) => isIn(file, room));
const roomOf = (file: string): string | undefined =>
  Object.keys(rooms)
    .filter((room) => isIn(file, room))
    .sort((one, other) => other.length - one.length)[0];

/** Whether two files are of one room that has faces. */
const isSame = (one: string, other: string): boolean =>
  Object.keys(faces).some((room) => isIn(one, room) && isIn(other, room));

/** The groups of files that reach each other (Tarjan). */
function circles(): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file) ?? 0);
    stack.push(file);
    for (const other of graph.get(file) ?? []) {
      if (!graph.has(other)) continue;
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(file, Math.min(low.get(file) ?? 0, low.get(other) ?? 0));
    }
    if (low.get(file) !== index.get(file)) return;
    const members = stack.splice(stack.indexOf(file));
    if (members.length > 1) found.push(members.sort());
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found;
}

const linter = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser }, plugins: { 'import-x': importX } },
    ...arrowRules,
  ],
});

const existing = Object.keys(rooms).filter(isThere);
const forbidden = existing.flatMap((room) =>
  existing
    .filter((other) => !isIn(other, room) && !isIn(room, other))
    .filter((other) => !(rooms[room] ?? []).some((known) => isIn(other, known)))
    .map((other): [string, string] => [room, other]),
);

/** Whether a file of a room with faces is for that room only. */
const isPrivate = (file: string): boolean =>
  Object.entries(faces).some(([room, shown]) => isIn(file, room) && !shown.includes(file));
const privacies = Object.keys(faces).flatMap((faced) =>
  existing
    .filter((room) => !isIn(faced, room) && (rooms[room] ?? []).some((known) => isIn(faced, known)))
    .flatMap((room) => sources.filter((file) => isIn(file, faced) && isPrivate(file)).map((file) => [room, file])),
);

/** What the linter has against an import that is written into a room. */
async function complaints(room: string, written: (specifier: string) => string, target: string): Promise<unknown> {
  const specifier = path.posix.relative(room, target);
  const [result] = await linter.lintText(written(specifier.startsWith('.') ? specifier : `./${specifier}`), {
    filePath: path.join(root, room, 'tried.ts'),
  });
  return result?.messages.map(({ ruleId }) => ruleId);
}

describe('who may know whom', () => {
  it.each(forbidden)('%s may not import %s', async (room, other) => {
    const target =
      sources.find((file) => isIn(file, other) && !(rooms[room] ?? []).some((known) => isIn(file, known))) ?? '';
    expect(await complaints(room, (specifier) => `import '${specifier}';`, target)).toContain(
      'import-x/no-restricted-paths',
    );
  });

  it.each(privacies)('%s may not import %s, which is for its room only', async (room = '', file = '') => {
    for (const written of [
      (specifier: string) => `import '${specifier}';`,
      (specifier: string) => `import type { Any } from '${specifier}';`,
      (specifier: string) => `await import('${specifier}');`,
    ])
      expect(await complaints(room, written, file)).toEqual(['import-x/no-restricted-paths']);
  });

  it.each(Object.entries(faces))('%s shows only faces that others look at', (room, shown) => {
    const seen = new Set([...graph].filter(([file]) => !isIn(file, room)).flatMap(([, imported]) => imported));
    expect(shown.filter((face) => !seen.has(face))).toEqual([]);
  });

  it.each(existing.filter((room) => room !== 'client'))('%s may not import vscode', async (room) => {
    const [result] = await linter.lintText("import 'vscode';", { filePath: path.join(root, room, 'tried.ts') });
    expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual(['no-restricted-imports']);
  });

  it.each(browserRooms)('%s also runs in a browser, and of Node knows paths alone', async (room) => {
    const filePath = path.join(root, room, 'tried.ts');
    const [refused] = await linter.lintText("import 'node:fs';", { filePath });
    expect(refused?.messages.map(({ ruleId }) => ruleId)).toEqual(['no-restricted-imports']);
    const [allowed] = await linter.lintText("import 'node:path';", { filePath });
    expect(allowed?.messages).toEqual([]);
  });

  it('every source is in a room', () => {
    expect(sources.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('nothing goes against the floors', () => {
    const against = [...graph].flatMap(([file, imported]) => {
      const room = roomOf(file) ?? '';
      const allowed = [room, ...(rooms[room] ?? []), 'node_modules'];
      return imported
        .filter((other) => !allowed.some((known) => isIn(other, known)) || (isPrivate(other) && !isSame(file, other)))
        .map((other) => `${file} → ${other}`);
    });
    expect(against).toEqual([]);
  });

  it('no files import each other in a circle, not even for types', () => {
    expect(circles()).toEqual([]);
  });

  it('no folder is a street without house numbers', () => {
    // Entries of one table stand side by side however many they are.
    const tables = ['server/features', 'cli/commands', 'client/commands'];
    const folders = [...new Set(sources.map((file) => path.posix.dirname(file)))].filter(
      (one) => !tables.includes(one),
    );
    const long = folders.filter((folder) => readdirSync(path.join(root, folder)).length > 27);
    expect(long).toEqual([]);
  });
});

const page = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8');

describe('docs/architecture.md', () => {
  const examples = [...page.matchAll(/^Example: `([^`]+)` stands in (.+)\.$/gm)].map(
    ([, word = '', files = '']): [string, string[]] => [
      word,
      [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    ],
  );

  it('has a recipe for each thing that is added', () => {
    expect(examples).toHaveLength(6);
  });

  it.each(examples)('%s stands where the recipe says, and nowhere else', (word, files) => {
    const found = sources.filter((file) => readFileSync(path.join(root, file), 'utf8').includes(word));
    expect(found.sort()).toEqual(files.sort());
  });

  it('draws the life of a job as it is', () => {
    const drawn = [...page.matchAll(/^ {2}(\w+) --> (\w+): (\w+)$/gm)].map(([, from, to, event]) =>
      [from, event, to].join(' '),
    );
    const table = Object.entries(lifecycle).flatMap(([from, events]) =>
      Object.entries(events)
        .filter(([, to]) => to !== from)
        .map(([event, to]) => [from, event, to].join(' ')),
    );
    expect(drawn.sort()).toEqual(table.sort());
  });
});
