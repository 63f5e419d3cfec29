import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import { registerCommands } from '../../../client/commands/registry.ts';
import { ImscProgram } from '../../../client/imscProgram.ts';
import type { Services } from '../../../client/services.ts';

const editor = vi.hoisted(() => ({
  workspace: { isTrusted: false },
  commands: new Map<string, (...from: unknown[]) => Promise<unknown>>(),
  said: [] as string[],
}));

vi.mock('vscode', () => ({
  l10n: { t: (message: string) => message },
  workspace: editor.workspace,
  commands: {
    registerCommand: (id: string, run: (...from: unknown[]) => Promise<unknown>) => editor.commands.set(id, run),
  },
  window: {
    showWarningMessage: (text: string) => {
      editor.said.push(text);
      return Promise.resolve(undefined);
    },
  },
}));

const refusal = 'This waits until you trust the workspace. Nothing was done.';

describe('in a workspace that is not trusted', () => {
  let folder: string;
  let program: ImscProgram;
  const trace = (): boolean => existsSync(join(folder, 'ran'));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'imsc-trust-'));
    const file = join(folder, 'program.mjs');
    writeFileSync(file, "import { writeFileSync } from 'node:fs'; writeFileSync('ran', ''); console.log('{}');");
    program = new ImscProgram(file, { debug: () => undefined, info: () => undefined } as unknown as LogOutputChannel);
    editor.workspace.isTrusted = false;
    editor.said.length = 0;
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('no process is started, whoever asks', async () => {
    const call = { args: ['ingest'], workingDirectory: folder };
    await expect(program.run(call)).rejects.toThrow(refusal);
    expect(() => program.start(call)).toThrow(refusal);
    expect(trace()).toBe(false);
  });

  it('and once it is trusted, it is', async () => {
    editor.workspace.isTrusted = true;
    const { exitCode, document } = await program.run({ args: ['ingest'], workingDirectory: folder });
    expect({ exitCode, document, ran: trace() }).toEqual({ exitCode: 0, document: {}, ran: true });
  });

  it('and reads what it is given, all of it, or ends without', async () => {
    editor.workspace.isTrusted = true;
    const text = 'µ\n'.repeat(200_000);
    const read =
      "process.stdin.setEncoding('utf8').on('data', (part) => (n += part.length)).on('end', () => console.log(JSON.stringify({ n })));";
    writeFileSync(join(folder, 'program.mjs'), `let n = 0; ${read}`);
    const { document } = await program.run({ args: [], workingDirectory: folder, input: text });
    expect(document).toEqual({ n: text.length });
    writeFileSync(join(folder, 'program.mjs'), 'process.exit(2);');
    expect(await program.run({ args: [], workingDirectory: folder, input: text })).toMatchObject({ exitCode: 2 });
  });

  it.each([
    ...['imsc.chooseSample', 'imsc.useAsSample', 'imsc.findInSample', 'imsc.createVariableFromPath'],
    ...['imsc.dryRun', 'imsc.ingest', 'imsc.resume', 'imsc.newSchemaFromNexus', 'imsc.showPreview'],
    ...['imsc.addConnection', 'imsc.useConnection', 'imsc.signIn', 'imsc.startSandbox'],
    ...['imsc.compareDryRuns', 'imsc.compareWithScicat', 'imsc.openInScicat', 'imsc.openInH5web'],
    ...['imsc.ingestAtService', 'imsc.refreshService'],
    ...['imsc.cancelIngestion', 'imsc.giveUpIngestion', 'imsc.removeIngestion'],
  ])('%s does nothing and says why', async (id) => {
    const touched: PropertyKey[] = [];
    const services = new Proxy({} as Services, {
      get: (_, name) => {
        touched.push(name);
        return undefined;
      },
    });
    registerCommands(services);
    await editor.commands.get(id)?.({ files: ['/data/run.nxs'] });
    expect(editor.said).toEqual([refusal]);
    expect(touched).toEqual([]);
  });
});
