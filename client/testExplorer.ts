import { basename } from 'node:path';
import { l10n, Location, Position, Range, TestMessage, TestRunProfileKind, tests, Uri, workspace } from 'vscode';
import type { CancellationToken, Disposable, TestController, TestItem, TestRun, TestRunRequest } from 'vscode';
import { plainText } from './dialogs.ts';
import type { ImscProgram } from './imscProgram.ts';
import { numberAt, recordAt, recordsAt, textAt } from './json.ts';
import type { JsonRecord } from './json.ts';

const glob = '**/*.imsc.test.{yml,yaml}';
/** Whose change may change what a test says. */
const watched = '**/*.{imsc.yml,imsc.yaml,imsc.json,imsc.test.yml,imsc.test.yaml}';
/** As many tests as one process runs: results come in between, and a command line is only so long. */
const mostAtOnce = 20;
/** Several files are often saved together. */
const settleMs = 300;

/** The tests of schemas in VS Code's Test Explorer. The command line runs them; here they are found and shown. */
export class TestExplorer implements Disposable {
  readonly controller: TestController;
  readonly #program: ImscProgram;
  readonly #subscriptions: Disposable[] = [];
  #watching = false;

  constructor(program: ImscProgram) {
    this.#program = program;
    this.controller = tests.createTestController('imsc.tests', l10n.t('SciCat schemas'));
    this.controller.resolveHandler = async (item) => {
      if (item === undefined) await this.discover();
    };
    this.controller.refreshHandler = () => this.discover();
    const { Run } = TestRunProfileKind;
    this.controller.createRunProfile(
      l10n.t('Run'),
      Run,
      (request, token) => this.run(request, token),
      true,
      undefined,
      true,
    );
    this.controller.createRunProfile(l10n.t('Update Expectations'), Run, (request, token) =>
      this.run(request, token, ['--update']),
    );
  }

  /** Finds the tests of the workspace anew, and from then on follows the files. */
  async discover(): Promise<void> {
    this.#watch();
    const files = await workspace.findFiles(glob, '**/node_modules/**');
    this.controller.items.replace(files.filter(({ scheme }) => scheme === 'file').map((uri) => this.#itemFor(uri)));
  }

  /** Runs the tests that are asked for; in a continuous run, again whenever a schema or a test has changed. */
  async run(request: TestRunRequest, cancellation: CancellationToken, options: readonly string[] = []): Promise<void> {
    if (request.continuous !== true) {
      await this.#runOnce(request, cancellation, options);
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const again = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.#runOnce(request, cancellation, options), settleMs);
    };
    const watcher = workspace.createFileSystemWatcher(watched);
    const subscriptions = [watcher, watcher.onDidChange(again), watcher.onDidCreate(again)];
    cancellation.onCancellationRequested(() => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.controller.dispose();
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const watcher = workspace.createFileSystemWatcher(glob);
    this.#subscriptions.push(
      watcher,
      watcher.onDidCreate((uri) => {
        this.controller.items.add(this.#itemFor(uri));
      }),
      watcher.onDidChange((uri) => {
        const item = this.controller.items.get(uri.toString());
        if (item) this.controller.invalidateTestResults(item);
      }),
      watcher.onDidDelete((uri) => {
        this.controller.items.delete(uri.toString());
      }),
      workspace.onDidChangeWorkspaceFolders(() => void this.discover()),
    );
  }

  #itemFor(uri: Uri): TestItem {
    const label = basename(uri.fsPath).replace(/\.imsc\.test\.ya?ml$/, '');
    const item = this.controller.createTestItem(uri.toString(), plainText(label), uri);
    item.description = workspace.asRelativePath(uri);
    item.range = new Range(0, 0, 0, 0);
    return item;
  }

  async #runOnce(request: TestRunRequest, cancellation: CancellationToken, options: readonly string[]): Promise<void> {
    const run = this.controller.createTestRun(request);
    const all: TestItem[] = [];
    this.controller.items.forEach((item) => all.push(item));
    const items = (request.include ?? all).filter((item) => request.exclude?.includes(item) !== true);
    for (const item of items) run.enqueued(item);
    try {
      for (let start = 0; start < items.length && !cancellation.isCancellationRequested; start += mostAtOnce) {
        await this.#runSome(run, items.slice(start, start + mostAtOnce), cancellation, options);
      }
    } finally {
      run.end();
    }
  }

  async #runSome(
    run: TestRun,
    items: readonly TestItem[],
    cancellation: CancellationToken,
    options: readonly string[],
  ): Promise<void> {
    if (!workspace.isTrusted) {
      for (const item of items)
        run.errored(item, new TestMessage(l10n.t('Tests read files; trust the workspace to run them.')));
      return;
    }
    for (const item of items) run.started(item);
    const files = items.flatMap(({ uri }) => uri?.fsPath ?? []);
    const answer = await this.#program.run({ args: ['test', ...files, ...options], cancellation });
    if (cancellation.isCancellationRequested) return;
    const results = new Map(recordsAt(answer.document, 'tests').map((result) => [textAt(result, 'file'), result]));
    for (const item of items) {
      const result = results.get(item.uri?.fsPath);
      if (result) report(run, item, result);
      else
        run.errored(item, new TestMessage(plainText(answer.lastLines.join('\n')) || l10n.t('The test was not run.')));
    }
  }
}

function report(run: TestRun, item: TestItem, result: JsonRecord): void {
  const milliseconds = numberAt(result, 'milliseconds');
  const messages = [...recordsAt(result, 'problems'), ...recordsAt(result, 'differences')].map((record) =>
    messageOf(item, record),
  );
  switch (textAt(result, 'outcome')) {
    case 'passed':
      run.passed(item, milliseconds);
      return;
    case 'failed':
      run.failed(item, messages, milliseconds);
      return;
    default:
      run.errored(item, messages, milliseconds);
  }
}

/** A difference or a problem, at its line; with both sides where there are two. */
function messageOf(item: TestItem, record: JsonRecord): TestMessage {
  const name = textAt(record, 'name');
  const text = plainText(`${name === undefined ? '' : `${name}: `}${textAt(record, 'message') ?? ''}`);
  const expected = textAt(record, 'expected');
  const actual = textAt(record, 'actual');
  const message =
    expected !== undefined && actual !== undefined ? TestMessage.diff(text, expected, actual) : new TestMessage(text);
  const file = textAt(record, 'file');
  const uri = file === undefined ? item.uri : Uri.file(file);
  if (uri) message.location = new Location(uri, rangeOf(record));
  return message;
}

/** The command line counts from 1, VS Code from 0. */
function rangeOf(record: JsonRecord): Range {
  const place = (end: 'start' | 'end'): Position => {
    const found = recordAt(recordAt(record, 'range'), end);
    return new Position((numberAt(found, 'line') ?? 1) - 1, (numberAt(found, 'column') ?? 1) - 1);
  };
  return new Range(place('start'), place('end'));
}
