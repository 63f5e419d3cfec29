import { CancellationTokenSource, l10n, Range, TestMessage, TestRunProfileKind, TestRunRequest, tests, workspace } from 'vscode'; // prettier-ignore
import type { CancellationToken, Disposable, TestController, TestItem, TestRun, TextDocument, Uri } from 'vscode';
import { expectations } from '../../server/protocol.ts';
import { plainText } from '../dialogs.ts';
import type { ImscProgram } from '../imscProgram.ts';
import { filesEndingIn, isReadable } from '../files.ts';
import { isThere } from '../isThere.ts';
import type { LanguageServer } from '../languageServer.ts';
import { mostAtOnce, runTests } from './runTests.ts';
import { report } from './testReport.ts';

const endings = ['.imsc.test.yml', '.imsc.test.yaml'];
const glob = `**/*{${endings.join(',')}}`;
/** Whose change may change what a test says. */
const watched = '**/*.{imsc.yml,imsc.yaml,imsc.json,imsc.test.yml,imsc.test.yaml}';
/** The language of a test. */
const language = 'imsc-test';
/** Several files are often saved together. */
const settleMs = 300;

/**
 * The tests of schemas in VS Code's Test Explorer, a file each and below it what it expects. The command
 * line runs them, in a browser the language server; here they are found and shown, in an open file also beside its lines.
 */
export class TestExplorer implements Disposable {
  readonly controller: TestController;
  readonly #program: ImscProgram;
  readonly #server: LanguageServer;
  readonly #subscriptions: Disposable[] = [];
  /** What is still to be looked at again, by the URI of its document. */
  readonly #edited = new Map<string, NodeJS.Timeout>();
  #watching = false;

  constructor(program: ImscProgram, server: LanguageServer) {
    this.#program = program;
    this.#server = server;
    this.controller = tests.createTestController('imsc.tests', l10n.t('SciCat schemas'));
    this.controller.resolveHandler = async (item) => {
      if (item === undefined) await this.discover();
      else if (item.uri !== undefined) await this.#expect(await workspace.openTextDocument(item.uri));
    };
    this.#subscriptions.push(
      workspace.onDidOpenTextDocument((document) => void this.#expect(document)),
      workspace.onDidChangeTextDocument(({ document }) => {
        this.#expectSoon(document);
      }),
      server.onDidChangeState((state) => {
        if (state === 'running') for (const document of workspace.textDocuments) void this.#expect(document);
      }),
    );
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
      this.run(request, token, true),
    );
  }

  /** Finds the tests of the workspace anew, and from then on follows the files. */
  async discover(): Promise<void> {
    this.#watch();
    const files = (await filesEndingIn(endings)).filter(isReadable);
    this.controller.items.replace(files.map((uri) => this.#itemFor(uri)));
    await Promise.all(workspace.textDocuments.map((document) => this.#expect(document)));
  }

  /** Runs the tests that are asked for; in a continuous run, again whenever a schema or a test has changed. */
  async run(request: TestRunRequest, cancellation: CancellationToken, update = false): Promise<void> {
    if (request.continuous !== true) {
      await this.#runOnce(request, cancellation, update);
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const again = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void this.#runOnce(request, cancellation, update), settleMs);
    };
    const watcher = workspace.createFileSystemWatcher(watched);
    const subscriptions = [watcher, watcher.onDidChange(again), watcher.onDidCreate(again)];
    cancellation.onCancellationRequested(() => {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    });
  }

  /** Runs the test of a file as it is in the editor, from a lens. */
  async runFile(uri: Uri, update = false): Promise<void> {
    const document = await workspace.openTextDocument(uri);
    // What is run is what lies in the file.
    if (document.isDirty && !(await document.save())) return;
    await this.#expect(document);
    await this.run(new TestRunRequest([this.#fileItem(uri)]), new CancellationTokenSource().token, update);
  }

  dispose(): void {
    for (const timer of this.#edited.values()) clearTimeout(timer);
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
        this.#fileItem(uri);
      }),
      watcher.onDidChange((uri) => {
        const item = this.controller.items.get(uri.toString());
        if (item) this.controller.invalidateTestResults(item);
      }),
      watcher.onDidDelete((uri) => {
        clearTimeout(this.#edited.get(uri.toString()));
        this.controller.items.delete(uri.toString());
      }),
      workspace.onDidChangeWorkspaceFolders(() => void this.discover()),
    );
  }

  #expectSoon(document: TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#edited.get(key));
    if (document.languageId === language)
      this.#edited.set(
        key,
        setTimeout(() => void this.#expect(document), settleMs),
      );
  }

  /** Puts what an open test expects below its file, each at its line. */
  async #expect({ uri, languageId, isClosed }: TextDocument): Promise<void> {
    if (languageId !== language || isClosed || !isReadable(uri) || this.#server.state !== 'running') return;
    // A server that has just ended is asked again with the next edit.
    const expected = await this.#server.request(expectations, { uri: uri.toString() }).catch(() => undefined);
    if (expected === undefined) return;
    // It may have been deleted since.
    if (this.controller.items.get(uri.toString()) === undefined && !(await isThere(uri))) return;
    const file = this.#fileItem(uri);
    // What is listed twice is one.
    const once = new Map(expected.map((each) => [`${each.part}/${each.name}`, each]));
    file.children.replace(
      [...once.values()].map(({ part, name, range: { start, end } }, index) => {
        const id = `${part}/${name}`;
        // One that is run just now stays the same.
        const item = file.children.get(id) ?? this.controller.createTestItem(id, plainText(name), uri);
        item.description = part;
        item.sortText = String(index).padStart(5, '0');
        item.range = new Range(start.line, start.character, end.line, end.character);
        return item;
      }),
    );
  }

  #fileItem(uri: Uri): TestItem {
    const known = this.controller.items.get(uri.toString());
    if (known) return known;
    const made = this.#itemFor(uri);
    this.controller.items.add(made);
    return made;
  }

  #itemFor(uri: Uri): TestItem {
    const label = (uri.path.split('/').at(-1) ?? '').replace(/\.imsc\.test\.ya?ml$/, '');
    const item = this.controller.createTestItem(uri.toString(), plainText(label), uri);
    item.description = workspace.asRelativePath(uri);
    item.range = new Range(0, 0, 0, 0);
    item.canResolveChildren = true;
    return item;
  }

  async #runOnce(request: TestRunRequest, cancellation: CancellationToken, update: boolean): Promise<void> {
    const run = this.controller.createTestRun(request);
    const all: TestItem[] = [];
    this.controller.items.forEach((item) => all.push(item));
    const items = (request.include ?? all).filter((item) => request.exclude?.includes(item) !== true);
    const asked = new Set(items.flatMap((item) => [item, ...childrenOf(item)]));
    for (const item of request.exclude ?? []) asked.delete(item);
    for (const item of asked) run.enqueued(item);
    const files = [...new Set(items.map((item) => item.parent ?? item))];
    try {
      for (let start = 0; start < files.length && !cancellation.isCancellationRequested; start += mostAtOnce) {
        await this.#runSome(run, files.slice(start, start + mostAtOnce), asked, cancellation, update);
      }
    } finally {
      run.end();
    }
  }

  /** @param asked the files and expectations that are to be told of */
  async #runSome(
    run: TestRun,
    files: readonly TestItem[],
    asked: ReadonlySet<TestItem>,
    cancellation: CancellationToken,
    update: boolean,
  ): Promise<void> {
    const items = files.flatMap((file) => [file, ...childrenOf(file)]).filter((item) => asked.has(item));
    if (!workspace.isTrusted) {
      for (const item of items)
        run.errored(item, new TestMessage(l10n.t('Tests read files; trust the workspace to run them.')));
      return;
    }
    for (const item of items) run.started(item);
    const uris = files.flatMap(({ uri }) => uri ?? []);
    const answers = await runTests({ program: this.#program, server: this.#server }, uris, update, cancellation);
    if (cancellation.isCancellationRequested) return;
    for (const [index, file] of files.entries()) {
      const answer = answers[index];
      for (const item of [file, ...childrenOf(file)].filter((each) => asked.has(each))) {
        if (answer && 'result' in answer) report(run, item, answer.result);
        else run.errored(item, new TestMessage(plainText(answer?.notRun ?? l10n.t('The test was not run.'))));
      }
    }
  }
}

function childrenOf(item: TestItem): TestItem[] {
  const children: TestItem[] = [];
  item.children.forEach((child) => children.push(child));
  return children;
}
