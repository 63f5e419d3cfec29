import os from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { userDataFolder } from '../../../../core/jobs/store/userData.ts';
import { openStore } from '../../../../core/jobs/store/openStore.ts';

vi.mock('node:os', async (original) => {
  const real = await original<typeof os>();
  return { ...real, default: real, userInfo: vi.fn(real.userInfo) };
});
const userInfo = vi.mocked((await import('node:os')).userInfo);
afterEach(() => {
  userInfo.mockReset();
});

/** A user of whom the system knows this home; none for one whom it does not know, as in many containers. */
function known(home?: string): void {
  userInfo.mockImplementation(() => {
    if (home === undefined) throw new Error('A system error occurred: uv_os_get_passwd returned ENOENT');
    return { username: 'x', uid: 1, gid: 1, shell: null, homedir: home };
  });
}

describe('where the data of a user lie', () => {
  it.each<[env: Record<string, string>, home: string | undefined, NodeJS.Platform, string | undefined]>([
    [{ HOME: '/people/x' }, '/people/y', 'linux', '/people/x/.local/share/imsc'],
    [{ HOME: '/people/x', XDG_DATA_HOME: '/data' }, '/people/y', 'linux', '/data/imsc'],
    [{ HOME: '/people/x', XDG_DATA_HOME: 'data' }, '/people/y', 'linux', '/people/x/.local/share/imsc'],
    [{ HOME: '' }, '/people/y', 'linux', '/people/y/.local/share/imsc'],
    [{ HOME: 'here' }, '/people/y', 'linux', '/people/y/.local/share/imsc'],
    [{}, '/people/y', 'darwin', '/people/y/Library/Application Support/imsc'],
    [{}, undefined, 'linux', undefined],
    [{ HOME: 'here' }, undefined, 'linux', undefined],
    [{ XDG_DATA_HOME: '/data' }, undefined, 'linux', '/data/imsc'],
  ])('%j, with the home %s, on %s', (env, home, platform, folder) => {
    known(home);
    expect(userDataFolder('imsc', env, platform)).toBe(folder);
  });

  it('is asked for where there is no home, and only then', async () => {
    known();
    await expect(openStore({ stores: [], env: {} })).rejects.toThrow(
      /no home folder: name a folder in IMSC_JOURNAL_DIR/,
    );
    await expect(openStore({ stores: [], env: { IMSC_JOURNAL_DIR: os.tmpdir() } })).resolves.toBeDefined();
  });
});
