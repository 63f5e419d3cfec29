import { expect, test, vi } from 'vitest';
import { LimitedTime } from '../../../core/limits/limitedTime.ts';
import { openNexus } from '../../../core/nexus/file.ts';
import { matchWildcard, normalizePath, splitPath, worksByAccident } from '../../../core/nexus/path.ts';
import { writeNexus } from '../../../scripts/writeNexus.mjs';
import { temporaryFolder } from '../../support/nexusFiles.ts';

const folder = temporaryFolder();

test.each([
  ['/entry/title', '/entry/title'],
  ['entry//title///', '/entry/title'],
  ['./entry/./title', '/entry/title'],
  ['', '/'],
  ['//', '/'],
  ['/entry/../x', '/entry/../x'],
])('%s is %s', (path, normal) => {
  expect(normalizePath(path)).toBe(normal);
  expect(`/${splitPath(path).join('/')}`).toBe(normal);
});

test.each([
  ['/entry/user_*/name', ['/entry/user_a/name'], ['/entry/user_b']],
  ['entry/user_*/name', ['/entry/user_a/name'], ['/entry/user_b']],
  ['/entry/user_*', ['/entry/user_a', '/entry/user_b'], []],
  ['/*', ['/entry'], []],
  ['/*/*/name', ['/entry/user_a/name'], ['/entry/title', '/entry/user_b']],
  ['/*/*/*', ['/entry/user_a/name'], ['/entry/title']],
  ['/entry/nobody_*/name', [], []],
  ['/entry/title', ['/entry/title'], []],
])('%s', async (pattern, matches, skipped) => {
  const path = `${folder}/wild.nxs`;
  await writeNexus(path, [
    { path: '/entry/title', kind: 'dataset', value: 'A title' },
    { path: '/entry/user_a/name', kind: 'dataset', value: 'a' },
    { path: '/entry/user_b', kind: 'group' },
  ]);
  const file = await openNexus(path);
  const found = await matchWildcard(file, pattern);
  expect(found.matches).toEqual(matches);
  expect(found.skipped.map((each) => each.path)).toEqual(skipped);
  for (const { reason } of found.skipped) expect(reason).not.toBe('');
  await file.close();
});

test.each([
  ['/entry/*_a/name', 'path-missing', /"\.\*_a"/],
  ['/none/user_*/name', 'path-missing', /none/],
  ['/entry/title/*', 'path-not-a-group', /title is a dataset/],
])('%s fails', async (pattern, code, message) => {
  const file = await openNexus(`${folder}/wild.nxs`);
  await expect(matchWildcard(file, pattern)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as unknown,
  });
  await file.close();
});

test.each([
  ['user_*', ['user_1', 'user_2'], false],
  ['user_*', ['user_1', 'superuser_1'], true],
  ['user_*', ['user_1', 'user'], true],
  ['*', ['anything'], false],
  ['detector_*$', ['detector_'], true],
  ['*_1', ['user_1'], false],
  ['plain', ['plain'], false],
])('%s on %j differs from the shell: %s', (component, names, differs) => {
  expect(worksByAccident(component, names)).toBe(differs);
});

test.each(['/(.*x*)*!', '/entry/(e|ee)*-*!', '/*/(\\w+\\s?)*\\*/name', `/entry/${'e*'.repeat(30)}!`])(
  '%s ends in time and is named, also when it is asked again',
  async (pattern) => {
    const path = `${folder}/long.nxs`;
    await writeNexus(path, [
      { path: `/${'x'.repeat(60)}/name`, kind: 'dataset', value: 1 },
      { path: `/entry/${'e'.repeat(60)}/name`, kind: 'dataset', value: 1 },
    ]);
    const file = await openNexus(path);
    const before = performance.now();
    for (let time = 0; time < 10; time++) {
      const error = (await matchWildcard(file, pattern).catch((reason: unknown) => reason)) as Error;
      expect(error).toMatchObject({ code: 'wildcard-too-slow', message: expect.stringContaining(pattern) as unknown });
    }
    expect(performance.now() - before).toBeLessThan(20_000);
    await file.close();
  },
);

test('wildcards of many stars are compared with the shell in bounded time', () => {
  const before = performance.now();
  expect(worksByAccident(`${'a*'.repeat(40)}b`, ['a'.repeat(200)])).toBe(false);
  expect(performance.now() - before).toBeLessThan(20_000);
});

test.each([
  ['user_*', 0],
  ['^user_.*$', 0],
  ['user_*_*', 1],
  ['(user)*', 1],
])('%s is matched with the time watched %i times', async (component, times) => {
  const path = `${folder}/users.nxs`;
  await writeNexus(path, [{ path: '/user_1/name', kind: 'dataset', value: 1 }]);
  const file = await openNexus(path);
  const run = vi.spyOn(LimitedTime.prototype, 'run');
  expect((await matchWildcard(file, `/${component}/name`)).matches).toEqual(['/user_1/name']);
  expect(run).toHaveBeenCalledTimes(times);
  run.mockRestore();
  await file.close();
});
