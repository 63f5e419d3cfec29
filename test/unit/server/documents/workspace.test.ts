import path from 'node:path';
import { expect, it } from 'vitest';
import { innermostFolder } from '../../../../server/documents/workspace.ts';

const at = (...names: string[]): string => path.resolve('/', ...names);

it.each([
  ['inside of one folder', [at('x', 'app')], at('x', 'app', 'a.imsc.yml'), at('x', 'app')],
  ['not where only the beginning of a name is the same', [at('x', 'app')], at('x', 'app2', 'a.imsc.yml'), undefined],
  ['in the innermost of nested ones', [at('x'), at('x', 'y'), at('x', 'z')], at('x', 'y', 'a.imsc.yml'), at('x', 'y')],
  ['below a name that begins with dots', [at('x')], at('x', '..a', 'a.imsc.yml'), at('x')],
  ['outside of all', [at('x'), at('y')], at('z', 'a.imsc.yml'), undefined],
])('finds the folder of a file: %s', (_what, folders, file, expected) => {
  expect(innermostFolder(folders, file)).toBe(expected);
});
