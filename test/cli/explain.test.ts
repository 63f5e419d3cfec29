import { expect, it } from 'vitest';
import { problemKinds } from '../../core/problems/problemCodes.ts';
import { imsc } from './imsc.ts';

it.each(['unused-variable', '[unused-variable]'])('imsc explain %s', async (code) => {
  const { code: exit, stdout, stderr } = await imsc(['explain', code]);
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(stdout).toMatch(/^unused-variable {2}hint – What a schema says\nA variable that nothing uses\.\n\n/);
  expect(stdout).toContain('# right\nvariables:\n');
});

it('as JSON it is what the registry says', async () => {
  const { stdout } = await imsc(['explain', 'cannot-start', '--json']);
  const kind = problemKinds['cannot-start'];
  expect(JSON.parse(stdout)).toEqual({ code: 'cannot-start', chapter: 'The command line', ...kind });
});

it('a code that there is not has a near one, also as JSON', async () => {
  const { code, stdout, stderr } = await imsc(['explain', 'used-before-definiton', '--json']);
  const message = '“used-before-definiton” is no code of a problem. Did you mean used-before-definition?';
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', problems: [{ code: 'usage', message }] });
  expect(stderr).toContain(message);
});
