import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Accounts, AccountsFileError, addAccount } from '../../../gateway/accounts/accounts.ts';
import { Gatekeeper } from '../../../gateway/accounts/gatekeeper.ts';
import { Tokens } from '../../../gateway/accounts/tokens.ts';
import { HttpRefusal } from '../../../gateway/http/refusal.ts';
import { temporaryFolders } from '../../support/temporaryFolder.ts';

const newFolder = temporaryFolders();
const newFile = async (): Promise<string> => path.join(await newFolder(), 'accounts');
const basic = (name: string, secret: string): string => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;

async function refusalOf(promise: Promise<unknown>): Promise<HttpRefusal> {
  const failed: unknown = await promise.catch((error: unknown) => error);
  if (!(failed instanceof HttpRefusal)) throw new Error('It was not refused.');
  return failed;
}

describe('the accounts file', () => {
  it('holds no secret, and is closed to others', async () => {
    const file = await newFile();
    const secret = await addAccount(file, 'ada');
    await addAccount(file, 'boss', true);
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(secret);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const accounts = await Accounts.open(file);
    expect(await accounts.find('ada', secret)).toEqual({ name: 'ada', isAdmin: false });
    expect(await accounts.find('ada', secret)).toEqual({ name: 'ada', isAdmin: false });
    expect(await accounts.find('ada', `${secret}x`)).toBeUndefined();
    expect(await accounts.find('boss', secret)).toBeUndefined();
    expect(await accounts.find('nobody', secret)).toBeUndefined();
  });

  it('that others may read is refused', async () => {
    const file = await newFile();
    await addAccount(file, 'ada');
    await chmod(file, 0o640);
    await expect(Accounts.open(file)).rejects.toThrow(/Others may read .*chmod 600/);
    await expect(Accounts.open(file)).rejects.toBeInstanceOf(AccountsFileError);
  });

  it.each(['ada', 'ada:secret', 'a b:$scrypt$', 'ada,root:$scrypt$ln=14,r=8,p=1$aaaaaaaaaaaaaaaaaaaaaa$b'])(
    'with the line %j is refused, and the line is named but not shown',
    async (line) => {
      const file = await newFile();
      await writeFile(file, `# ours\n${line}\n`, { mode: 0o600 });
      const failed: unknown = await Accounts.open(file).catch((error: unknown) => error);
      expect(String(failed)).toContain('Line 2');
      expect(String(failed)).not.toContain('secret');
    },
  );

  it('is read again when it changes: a new secret takes the place of the old one', async () => {
    const file = await newFile();
    const old = await addAccount(file, 'ada');
    const accounts = await Accounts.open(file);
    expect(await accounts.find('ada', old)).toBeDefined();
    const fresh = await addAccount(file, 'ada');
    expect(await accounts.find('ada', fresh)).toBeDefined();
    expect(await accounts.find('ada', old)).toBeUndefined();
  });
});

describe('who is let in', () => {
  let now = 1_000_000;
  const setUp = async (): Promise<{ keeper: Gatekeeper; tokens: Tokens; secret: string }> => {
    const file = await newFile();
    const secret = await addAccount(file, 'ada');
    const tokens = new Tokens(() => now);
    return { keeper: new Gatekeeper({ accounts: await Accounts.open(file) }, tokens, 10, () => now), tokens, secret };
  };

  it('an account, by Basic, by Bearer and by a token while it is good', async () => {
    const { keeper, tokens, secret } = await setUp();
    const admit = (header: string): Promise<unknown> => keeper.admit('accounts', header, '::1', 'Basic realm="imsc"');
    const ada = { name: 'ada', isAdmin: false };
    expect(await admit(basic('ada', secret))).toEqual(ada);
    expect(await admit(`bearer ada.${secret}`)).toEqual(ada);
    const token = tokens.give(ada);
    expect(await admit(`Bearer ${token}`)).toEqual(ada);
    now += 3_600_001;
    expect((await refusalOf(admit(`Bearer ${token}`))).status).toBe(401);
  });

  it.each([undefined, '', 'Basic', 'Basic !!!', basic('ada', 'wrong'), 'Bearer ada.wrong', 'Digest x', 'Bearer x'])(
    '%j is told how to sign in',
    async (header) => {
      const { keeper } = await setUp();
      const refused = await refusalOf(keeper.admit('accounts', header, '::1', 'Basic realm="imsc"'));
      expect([refused.status, refused.headers['WWW-Authenticate']]).toEqual([401, 'Basic realm="imsc"']);
    },
  );

  it('guesses are stopped, also many at once, and only those from one address', async () => {
    const { keeper, secret } = await setUp();
    const admit = (address: string, password: string): Promise<unknown> =>
      keeper.admit('accounts', basic('ada', password), address, 'Basic realm="imsc"');
    const statuses = await Promise.all(
      Array.from({ length: 14 }, async (_, index) => (await refusalOf(admit('::1', `wrong${index}`))).status),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(4);
    const refused = await refusalOf(admit('::1', secret));
    expect([refused.status, Number(refused.headers['Retry-After'])]).toEqual([429, 60]);
    expect(await admit('10.0.0.1', secret)).toMatchObject({ name: 'ada' });
    now += 60_001;
    expect(await admit('::1', secret)).toMatchObject({ name: 'ada' });
  });

  it('without accounts everybody, but a deposit needs a name', async () => {
    const keeper = new Gatekeeper({}, new Tokens(), 10);
    expect(await keeper.admit('none', undefined, '', 'Bearer realm="imsc"')).toMatchObject({ name: 'local' });
    expect(await keeper.admit('none', basic('eve', 'any'), '', 'Basic realm="imsc"', true)).toMatchObject({
      name: 'eve',
    });
    expect((await refusalOf(keeper.admit('none', undefined, '', 'Basic realm="imsc"', true))).status).toBe(401);
  });
});
