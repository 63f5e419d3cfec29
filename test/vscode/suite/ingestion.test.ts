import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commands, Uri, window, workspace } from 'vscode';
import type { DocumentLink } from 'vscode';
import { runContext } from '../../../client/ingestions/runContext.ts';
import type { RunningSandbox } from '../../../client/connections/sandbox.ts';
import type { Ingestion } from '../../../client/ingestions/ingestion.ts';
import type { DryRun } from '../../../client/results/dryRuns.ts';
import { readReport } from '../../../client/results/report.ts';
import type { Services } from '../../../client/services.ts';
import { services, until } from './services.ts';
import { slowScicat } from './slowScicat.ts';
import { nexusFile, workspaceFile } from './workspaceFile.ts';

/** What the sandbox answers to a question of its administrator. */
async function ask({ address, token }: RunningSandbox, path: string): Promise<unknown> {
  const response = await fetch(`${address}/${path}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(response.status, 200);
  return response.json();
}

const awayText = /cannot be reached|did not answer|connection/i;

describe('ingestion', () => {
  let given: Services;
  let sandbox: RunningSandbox;

  before(async () => {
    given = await services();
    const started = await commands.executeCommand<RunningSandbox | undefined>('imsc.startSandbox');
    assert.ok(started);
    sandbox = started;
  });

  after(() => commands.executeCommand('imsc.stopSandbox'));

  const contextFor = async (file: string) => {
    const context = await runContext(given.connections, Uri.file(file));
    assert.ok(context);
    return context;
  };

  it('uses the sandbox as soon as it runs', () => {
    assert.equal(given.connections.current?.address, sandbox.address);
  });

  it('dry-runs a file: the result is a page, and a text that leads back to the schema', async () => {
    const [dryRun] = await commands.executeCommand<readonly DryRun[]>('imsc.dryRun', {
      files: [await nexusFile('coda')],
    });
    assert.ok(dryRun);
    const report = readReport(dryRun.document);
    assert.equal(report.outcome, 'planned', JSON.stringify(report.problems));
    assert.equal(report.schema?.name, 'CODA');
    await until('the page of the dry run', () =>
      window.tabGroups.activeTabGroup.activeTab?.label.includes('dry run') === true ? true : undefined,
    );
    const rows = given.resultPages.latest?.model.tables.flatMap((table) => table.rows) ?? [];
    assert.ok(rows.some(({ name, text }) => name === 'datasetName' && text !== ''));
    const document = await workspace.openTextDocument(dryRun.uri);
    assert.match(document.getText(), /## Which schema, and why\n\n- \*\*yes\*\* CODA/);
    const links = await commands.executeCommand<readonly DocumentLink[]>('vscode.executeLinkProvider', dryRun.uri);
    const schema = workspaceFile('schemas/coda.imsc.yml').path;
    assert.ok(links.some(({ target }) => target?.path === schema));
  });

  it('compares two dry runs side by side', async () => {
    await commands.executeCommand('imsc.dryRun', { files: [await nexusFile('coda', 1)] });
    await commands.executeCommand('imsc.compareDryRuns', given.dryRuns.all[0], given.dryRuns.all[1]);
    assert.match(window.tabGroups.activeTabGroup.activeTab?.label ?? '', /↔/);
  });

  it('ingests a file into the sandbox, once', async () => {
    const file = await nexusFile('coda');
    const request = { file, context: await contextFor(file) };
    const ingestion = await given.ingestions.run(request);
    assert.equal(ingestion.state, 'done', ingestion.message);
    assert.ok(ingestion.pid);
    const dataset = await ask(sandbox, `datasets/${encodeURIComponent(ingestion.pid)}`);
    assert.equal((dataset as { numberOfFiles: number }).numberOfFiles > 0, true);
    const again = await given.ingestions.run(request);
    assert.equal(again.state, 'already-present');
    assert.equal(again.pid, ingestion.pid);
    await commands.executeCommand('imsc.showIngestion', ingestion);
    assert.match(window.activeTextEditor?.document.getText() ?? '', /Ingested/);
  });

  it('compares a dry run with what stands in SciCat', async () => {
    const dryRun = given.dryRuns.all.at(-1);
    await commands.executeCommand('imsc.compareWithScicat', dryRun);
    assert.match(window.tabGroups.activeTabGroup.activeTab?.label ?? '', /in SciCat ↔ dry run/);
  });

  it('says that a token is wrong, sends nothing and keeps nothing', async () => {
    await assert.rejects(given.connections.signInWithToken(sandbox.address, 'wrong'), /does not accept the token/);
    assert.equal(await given.accounts.of(sandbox.address), undefined);
    const file = await nexusFile('loki');
    const context = { ...(await contextFor(file)), secrets: { SCICAT_TOKEN: 'wrong' } };
    const before = await ask(sandbox, 'datasets/count');
    const ingestion = await given.ingestions.run({ file, context });
    assert.equal(ingestion.state, 'failed');
    assert.ok(ingestion.message);
    assert.deepEqual(await ask(sandbox, 'datasets/count'), before);
  });

  it('signs in with a password, knows until when, and signs out', async () => {
    const account = await given.connections.signIn(sandbox.address, 'user', 'sandbox', 'password');
    assert.ok(account.expires && account.expires.getTime() > Date.now());
    const kept = await given.accounts.of(sandbox.address);
    assert.equal(kept?.username, 'user');
    await given.connections.signOut(sandbox.address);
    assert.equal(await given.accounts.of(sandbox.address), undefined);
    await assert.rejects(given.connections.signIn(sandbox.address, 'user', 'no', 'password'), /does not know/);
  });

  /** As if the sandbox were behind this address, with somebody signed in. */
  const contextAt = async (address: string, file: string) => {
    await given.accounts.keep(address, { username: 'ingestor', token: sandbox.token, expires: undefined });
    const { workingDirectory } = await contextFor(file);
    return {
      args: ['-c', workspaceFile('config.yml').fsPath, '--scicat.host', address, '--scicat.max_tries', '1'],
      workingDirectory,
      secrets: { SCICAT_TOKEN: sandbox.token },
      connection: { name: 'Slow', address },
      hasConfigFile: true,
    };
  };

  it('says that SciCat is away and that nothing was sent; once it is back, the file is ingested', async () => {
    const slow = await slowScicat(sandbox.address);
    try {
      const file = await nexusFile('loki');
      const context = await contextAt(slow.address, file);
      const before = await ask(sandbox, 'datasets/count');
      slow.cutOff('/');
      const who = await given.connections.whoAmI(context.args, context.secrets, context.workingDirectory);
      assert.equal(who.state, 'away');
      const failed = await given.ingestions.run({ file, context });
      assert.equal(failed.state, 'failed');
      assert.match(failed.message ?? '', awayText);
      assert.deepEqual(await ask(sandbox, 'datasets/count'), before);
      slow.cutOff(undefined);
      const ingestion = await given.ingestions.run({ file, context });
      assert.equal(ingestion.state, 'done', ingestion.message);
    } finally {
      await slow.close();
    }
  });

  it('gives up what SciCat went away from: it is not offered again', async () => {
    const slow = await slowScicat(sandbox.address);
    try {
      const file = await nexusFile('tbl');
      slow.cutOff('origdatablocks');
      const ingestion = await given.ingestions.run({ file, context: await contextAt(slow.address, file) });
      assert.equal(ingestion.state, 'interrupted', ingestion.message);
      await commands.executeCommand('imsc.giveUpIngestion', ingestion);
      assert.equal(given.ingestions.all.find(({ id }) => id === ingestion.id)?.state, 'cancelled');
      assert.deepEqual(given.ingestions.interrupted, []);
      // Nothing was deleted in SciCat; the file is ingested anew in the next test.
      const dataset = `${sandbox.address}/datasets/${encodeURIComponent(ingestion.pid ?? '')}`;
      const headers = { authorization: `Bearer ${sandbox.token}` };
      assert.equal((await fetch(dataset, { method: 'DELETE', headers })).status, 200);
    } finally {
      await slow.close();
    }
  });

  it('keeps for resuming what SciCat went away from: one dataset, its files once', async () => {
    const slow = await slowScicat(sandbox.address);
    try {
      const file = await nexusFile('tbl');
      const context = await contextAt(slow.address, file);
      slow.cutOff('origdatablocks');
      const ingestion = await given.ingestions.run({ file, context });
      assert.equal(ingestion.state, 'interrupted', ingestion.message);
      assert.match(ingestion.message ?? '', awayText);
      slow.cutOff(undefined);
      const resumed = await given.ingestions.resume(ingestion);
      assert.equal(resumed.state, 'done', resumed.message);
      assert.ok(resumed.pid);
      const path = `datasets/${encodeURIComponent(resumed.pid)}/origdatablocks`;
      assert.equal(((await ask(sandbox, path)) as unknown[]).length, 1);
    } finally {
      await slow.close();
    }
  });

  it('finishes what was killed half way: one dataset, its files once', async () => {
    const file = await nexusFile('coda', 1);
    const slow = await slowScicat(sandbox.address);
    try {
      await given.accounts.keep(slow.address, { username: 'ingestor', token: sandbox.token, expires: undefined });
      const waiting = slow.hold('origdatablocks');
      // Whoever looks sees what the command line does.
      await commands.executeCommand('imsc.ingestions.focus');
      const program = given.context.asAbsolutePath('dist/cli/main.cjs');
      const config = workspaceFile('config.yml').fsPath;
      const args = [program, 'ingest', '-c', config, '--nexus-file', file, '--scicat.host', slow.address, '--json'];
      const child = spawn(process.execPath, args, {
        cwd: workspace.workspaceFolders?.[0]?.uri.fsPath,
        env: { ...process.env, SCICAT_TOKEN: sandbox.token },
        stdio: 'ignore',
      });
      await waiting;
      const running = await until('the running one', () =>
        given.ingestions.all.find((each) => each.file === file && each.state === 'running'),
      );
      child.kill('SIGKILL');
      await once(child, 'exit');
      const interrupted = await until('the interrupted one', () =>
        given.ingestions.interrupted.find((each) => each.file === file),
      );
      const resumed = await commands.executeCommand<Ingestion | undefined>('imsc.resume', interrupted);
      assert.equal(resumed?.state, 'done', resumed?.message);
      assert.ok(resumed.pid);
      const path = `datasets/${encodeURIComponent(resumed.pid)}/origdatablocks`;
      assert.equal(((await ask(sandbox, path)) as unknown[]).length, 1);
      assert.deepEqual(given.ingestions.interrupted, []);
      assert.equal(resumed.id, running.id);
      await commands.executeCommand('imsc.removeIngestion', resumed);
      await until('the record to go', () => given.ingestions.all.every(({ id }) => id !== resumed.id) || undefined);
    } finally {
      await slow.close();
    }
  });
});
