import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { problemKinds } from '../../../core/problems/problemCodes.ts';
import { webPage } from '../../../cli/version.ts';

const root = new URL('../../../', import.meta.url);
const page = 'https://github.com/a/b/blob/HEAD/docs/problems.md';

it.each([
  [{}, undefined],
  [{ repository: 'a/b' }, page],
  [{ repository: 'github:a/b' }, page],
  [{ repository: 'https://github.com/a/b' }, page],
  [{ repository: { type: 'git', url: 'git+https://github.com/a/b.git' } }, page],
  [{ repository: { url: 'git@example.org:a/b.git' } }, undefined],
  [{ repository: 1 }, undefined],
])('the documentation of a package that says %j', (about, expected) => {
  expect(webPage('docs/problems.md', about)).toBe(expected);
});

it('has a heading for each kind of problem, so that a link to its code arrives', () => {
  const lines = readFileSync(new URL('docs/problems.md', root), 'utf8').split('\n');
  const headings = lines.filter((line) => line.startsWith('### ')).map((line) => line.slice('### '.length));
  expect(headings.toSorted()).toEqual(Object.keys(problemKinds).toSorted());
});
