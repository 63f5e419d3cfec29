import { expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import * as protocol from '../../server/protocol.ts';
import { hintsOf, open, root, startServer } from '../support/browserServer.ts';
import { schemaText } from '../support/schemaTexts.ts';

it('signs in, says whose a token is, and gives values', async () => {
  const sandbox = await startSandbox();
  try {
    const connection = await startServer(new Map());
    await connection.sendNotification(protocol.trustGranted.method, null);
    const address = sandbox.baseUrl;
    const signIn = (password: string): Promise<protocol.SignedIn> =>
      connection.sendRequest(protocol.signIn.method, { address, user: 'user', password, method: 'password' });
    await expect(signIn('wrong')).rejects.toThrow('SciCat does not know this user name with this password.');
    const { token } = await signIn('sandbox');
    const whose = (secret: string): Promise<unknown> =>
      connection.sendRequest(protocol.whoseToken.method, { address, token: secret });
    expect(await whose(token)).toMatchObject({ username: 'user' });
    await expect(whose('none')).rejects.toThrow(/Sign in again|invalid/);
    const uri = `${root}/asked.imsc.yml`;
    const fromScicat = schemaText({ variables: 'pi:\n  source: SC\n  url: proposals/443604\n  field: pi_lastname\n  value_type: string' }); // prettier-ignore
    const document = await open(connection, uri, fromScicat);
    const asked = await connection.sendRequest(protocol.askScicat.method, { uri, address, token: sandbox.token });
    expect(asked).toEqual({ known: 1, failed: [] });
    expect(await hintsOf(connection, document, 'Solberg')).toContain('Solberg');
    const counted = await connection.sendRequest(protocol.askChoices.method, { address, token: sandbox.token });
    expect(counted).toMatchObject({ proposalId: sandbox.documents('proposals').length });
  } finally {
    await sandbox.close();
  }
});

it('says that it is away or does not allow the page, because a browser does not tell which', async () => {
  const sandbox = await startSandbox();
  await sandbox.close();
  const connection = await startServer(new Map());
  await connection.sendNotification(protocol.trustGranted.method, null);
  const asked = connection.sendRequest(protocol.whoseToken.method, { address: sandbox.baseUrl, token: 'any' });
  await expect(asked).rejects.toThrow(
    'the browser gives no answer; SciCat is away, or does not allow pages of https://vscode.example.org (CORS).',
  );
});
