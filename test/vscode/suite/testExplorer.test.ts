import assert from 'node:assert/strict';
import { CancellationTokenSource, TestRunRequest, workspace } from 'vscode';
import type { TestController, TestItem, TestMessage, TestRun } from 'vscode';
import type { TestExplorer } from '../../../client/schemaTests/testExplorer.ts';
import { services, until } from './services.ts';
import { workspaceFile } from './workspaceFile.ts';

interface Told {
  readonly passed: string[];
  readonly failed: Map<string, readonly TestMessage[]>;
  /** What stands in the output of the run. */
  readonly output: string[];
}

/** Runs tests and takes down what VS Code is told of them. */
async function runTests(explorer: TestExplorer, items: TestItem[], update = false): Promise<Told> {
  const { controller } = explorer;
  const told: Told = { passed: [], failed: new Map(), output: [] };
  const create = controller.createTestRun.bind(controller);
  const listening: TestController['createTestRun'] = (...given) => {
    const made = create(...given);
    const failed = (item: TestItem, messages: TestMessage | readonly TestMessage[]): void => {
      told.failed.set(item.label, [messages].flat());
    };
    return new Proxy<TestRun>(made, {
      get: (target, name) => {
        if (name === 'passed') return (item: TestItem) => told.passed.push(item.label);
        if (name === 'appendOutput') return (text: string) => told.output.push(text);
        if (name === 'failed' || name === 'errored') return failed;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
      },
    });
  };
  controller.createTestRun = listening;
  try {
    await explorer.run(new TestRunRequest(items), new CancellationTokenSource().token, update);
  } finally {
    controller.createTestRun = create;
  }
  return told;
}

describe('Test Explorer', () => {
  let explorer: TestExplorer;
  const item = (label: string): TestItem | undefined => {
    let found: TestItem | undefined;
    explorer.controller.items.forEach((each) => {
      if (each.label === label) found = each;
    });
    return found;
  };

  before(async () => {
    explorer = (await services()).testExplorer;
    await explorer.discover();
  });

  it('finds the tests of the workspace and runs them', async () => {
    const items = ['coda', 'loki', 'fallback'].map((label) => item(label));
    assert.ok(items.every((each) => each !== undefined));
    const { passed, failed } = await runTests(explorer, items);
    assert.deepEqual([...failed], []);
    assert.deepEqual(passed.sort(), ['coda', 'fallback', 'loki']);
  });

  it('finds a new test, and shows what it expected and what came at the line of it', async () => {
    const uri = workspaceFile('schemas/wrong.imsc.test.yml');
    const sample = '../data/coda/2025/443604/raw/443604_00001017.nxs';
    const text = `schema: coda.imsc.yml\nsample: ${sample}\nvariables:\n  run_number: '1018'\n`;
    await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    try {
      const found = await until('the new test', () => item('wrong'));
      const { failed } = await runTests(explorer, [found]);
      const [message] = failed.get('wrong') ?? [];
      assert.equal(message?.expectedOutput, '"1018"');
      assert.equal(message.actualOutput, '"1017"');
      assert.equal(message.location?.uri.toString(), uri.toString());
      assert.equal(message.location.range.start.line, 3);
      // VS Code says nothing of a file that is replaced and deleted in one moment.
      const watcher = workspace.createFileSystemWatcher('**/wrong.imsc.test.yml');
      const replaced = new Promise((resolve) => {
        watcher.onDidChange(resolve);
        watcher.onDidCreate(resolve);
      });
      const updated = await runTests(explorer, [found], true);
      await replaced;
      watcher.dispose();
      assert.deepEqual([updated.passed, updated.failed.size], [['wrong'], 0]);
      assert.deepEqual(updated.output, ['run_number\r\n- "1018"\r\n+ "1017"\r\n']);
    } finally {
      await workspace.fs.delete(uri);
    }
    await until('the test to be gone', () => (item('wrong') === undefined ? true : undefined));
  });
});
