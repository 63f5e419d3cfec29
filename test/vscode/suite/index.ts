import { format } from 'node:util';
import Mocha from 'mocha';

/** Called by the extension host; rejects if a test failed, which is the run's exit code. */
export async function run(): Promise<void> {
  const { TEST_GREP } = process.env;
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 30_000,
    color: false,
    reporter: 'spec',
    ...(TEST_GREP === undefined ? {} : { grep: TEST_GREP }),
  });
  // VS Code writes much of its own; the program that started the run shows what has this mark.
  Mocha.reporters.Base.consoleLog = (...line: unknown[]) => {
    for (const text of format(...line).split('\n')) console.log(`[test] ${text}`);
  };
  // The functions of mocha are globals, which are there once the interface was announced.
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
  await import('./languages.test.ts');
  await import('./commands.test.ts');
  await import('./language.test.ts');
  await import('./newSchema.test.ts');
  await import('./preview.test.ts');
  await import('./ingestion.test.ts');
  await import('./testExplorer.test.ts');
  const failures = await new Promise<number>((done) => mocha.run(done));
  if (failures > 0) throw new Error(`${failures} test(s) failed`);
}
