import { expect, it } from 'vitest';
import { webPage } from '../../../cli/version.ts';

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
