import { commands, EventEmitter, window, workspace } from 'vscode';
import type { Disposable, Event, Memento, TextDocument } from 'vscode';
import type { ChosenSample, SampleState } from '../server/protocol.ts';
import { chooseSample, sample, sampleChanged } from '../server/protocol.ts';
import type { LanguageServer } from './languageServer.ts';
import { isSchema, schemaEditor } from './schemaEditor.ts';

const storageKey = 'chosenSamples';
const none: SampleState = { file: null, state: 'none' };

/** The samples that were chosen by command, kept for the workspace. */
export function storedSamples(storage: Memento): readonly ChosenSample[] {
  return storage.get<readonly ChosenSample[]>(storageKey, []);
}

/** Follows the schema that is being edited and knows the sample that the server uses for it. */
export class SampleChoice implements Disposable {
  readonly #storage: Memento;
  readonly #server: LanguageServer;
  readonly #changed = new EventEmitter<SampleState>();
  readonly #subscriptions: Disposable[];
  #current: SampleState = none;
  #question = 0;

  readonly onDidChange: Event<SampleState> = this.#changed.event;

  constructor(storage: Memento, server: LanguageServer) {
    this.#storage = storage;
    this.#server = server;
    server.onNotification(sampleChanged, ({ uri }) => {
      if (uri === schemaEditor()?.document.uri.toString()) void this.#refresh();
    });
    this.#subscriptions = [
      server.onDidChangeState(() => void this.#refresh()),
      window.onDidChangeActiveTextEditor((editor) => {
        // The last schema's sample stays in view while something else has the focus.
        if (editor !== undefined && isSchema(editor.document)) void this.#refresh();
      }),
      workspace.onDidOpenTextDocument((document) => void this.#takeOver(document)),
    ];
  }

  get current(): SampleState {
    return this.#current;
  }

  /** The file of a schema that may not be the one in work, or was opened or given a sample only just now. */
  async fileOf(uri: string): Promise<string | null> {
    const state = await this.#server.request(sample, { uri }).catch(() => undefined);
    return state?.file ?? null;
  }

  /** Chooses a file for one schema, or, with null, leaves it to comment and setting again. */
  async choose(uri: string, file: string | null): Promise<void> {
    const others = storedSamples(this.#storage).filter((chosen) => chosen.uri !== uri);
    const chosen = file === null ? others : [...others, { uri, file }];
    await this.#storage.update(storageKey, chosen);
    await this.#server.notify(chooseSample, { uri, file });
    await this.#refresh();
  }

  dispose(): void {
    this.#changed.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** What is saved for the first time becomes a new document with a new address, and keeps its sample. */
  async #takeOver(opened: TextDocument): Promise<void> {
    if (opened.uri.scheme !== 'file' || !isSchema(opened)) return;
    const text = opened.getText();
    const before = workspace.textDocuments.find(
      (each) => each.isUntitled && (each.uri.path === opened.uri.path || each.getText() === text),
    );
    const chosen = storedSamples(this.#storage).find(({ uri }) => uri === before?.uri.toString());
    if (chosen === undefined) return;
    await this.choose(opened.uri.toString(), chosen.file);
    await this.choose(chosen.uri, null);
  }

  async #refresh(): Promise<void> {
    const question = ++this.#question;
    const uri = schemaEditor()?.document.uri.toString();
    const answer = uri === undefined ? none : await this.#server.request(sample, { uri }).catch(() => undefined);
    if (question !== this.#question) return; // asked again meanwhile
    this.#current = answer ?? none;
    await commands.executeCommand('setContext', 'imsc.hasSample', this.#current.file !== null);
    this.#changed.fire(this.#current);
  }
}
