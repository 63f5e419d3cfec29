import { basename } from 'node:path';
import { CancellationTokenSource, l10n, workspace } from 'vscode';
import type { CancellationToken, Disposable, TextDocument, Uri } from 'vscode';
import type { ImscAnswer, ImscCall } from '../imscProgram.ts';
import { lastWords } from '../imscProgram.ts';
import { numberAt, recordAt, recordsAt, textAt } from '../json.ts';
import { isSchema, openDocument } from '../schemaEditor.ts';
import type { DifferencesView } from '../views/differencesView.ts';

/** Milliseconds without a keystroke before what is typed is compared. */
const pauseMs = 400;

/** A schema, and what it is compared with, on which files. */
export interface Counterpart {
  readonly schema: Uri;
  /** What is said while they are compared. */
  readonly working: string;
  /** The other side in the title of a field, as in `datasetName in the last commit`. */
  readonly before: string;
  /** @param text of the schema, as the editor has it; undefined for what lies on disk @returns as `imsc diff --json` */
  readonly run: (text: string | undefined, call: Pick<ImscCall, 'cancellation' | 'onProgress'>) => Promise<ImscAnswer>;
}

/** What `imsc diff` said, of which text. */
interface Compared {
  readonly answer: ImscAnswer;
  /** As the editor had it; undefined for what lies on disk. */
  readonly text: string | undefined;
  readonly isSaved: boolean;
}

type View = Pick<DifferencesView, 'show' | 'say' | 'isVisible' | 'onDidChangeVisibility' | 'whileWorking'>;

/**
 * What the schema in work makes of files, beside what its counterpart makes of them: once when it is asked for, and from
 * then on while somebody types, as long as the view can be seen. There is one process at most, and what is typed meanwhile
 * ends it.
 */
export class Comparison implements Disposable {
  readonly #view: View;
  readonly #subscriptions: readonly Disposable[];
  /** Whose schema is followed; none while one is asked for. */
  #followed: Counterpart | undefined;
  #isOutdated = false;
  #isOfUnsaved = false;
  #timer: NodeJS.Timeout | undefined;
  #running: CancellationTokenSource | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(view: View) {
    this.#view = view;
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (this.#isFollowed(document) && contentChanges.length > 0) this.#outdate();
      }),
      // Another schema may be imported, and counts as it lies on disk.
      workspace.onDidSaveTextDocument((document) => {
        if (!this.#isFollowed(document) && isSchema(document)) this.#outdate();
      }),
      // What was typed and not saved is gone then.
      workspace.onDidCloseTextDocument((document) => {
        if (this.#isFollowed(document) && this.#isOfUnsaved) this.#outdate();
      }),
      view.onDidChangeVisibility(() => {
        if (this.#followed === undefined) return;
        if (!this.#view.isVisible) this.#stop();
        else if (this.#isOutdated) this.#outdate();
      }),
    ];
  }

  /**
   * Compares a schema, shows what comes of it, and follows the schema from then on.
   * @returns true if it is shown, else why not; undefined if it was cancelled
   */
  async compare(
    counterpart: Counterpart,
    cancellation: CancellationToken,
    onProgress: NonNullable<ImscCall['onProgress']>,
  ): Promise<true | string | undefined> {
    const earlier = this.#followed;
    this.#stop();
    this.#followed = undefined;
    const compared = await this.#run(counterpart, { cancellation, onProgress });
    if (compared === undefined || failureOf(compared, counterpart) !== undefined) {
      this.#followed ??= earlier;
      this.#outdate();
      return compared && failureOf(compared, counterpart);
    }
    this.#followed = counterpart;
    this.#show(compared, counterpart);
    if (openDocument(counterpart.schema)?.getText() !== compared.text) this.#outdate();
    return true;
  }

  dispose(): void {
    this.#followed = undefined;
    this.#stop();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #isFollowed({ uri }: TextDocument): boolean {
    return uri.toString() === this.#followed?.schema.toString();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#running?.cancel();
  }

  /** What is shown is not what the schema makes now: it is compared anew when nobody types, and somebody looks. */
  #outdate(): void {
    if (this.#followed === undefined) return;
    this.#isOutdated = true;
    this.#stop();
    if (!this.#view.isVisible) return;
    this.#view.say(this.#followed.working);
    this.#timer = setTimeout(() => {
      this.#view.whileWorking(this.#compareAnew());
    }, pauseMs);
  }

  async #compareAnew(): Promise<void> {
    const counterpart = this.#followed;
    if (counterpart === undefined) return;
    try {
      const compared = await this.#run(counterpart, {});
      if (compared === undefined || counterpart !== this.#followed) return;
      const fault = failureOf(compared, counterpart) ?? refusal(compared, counterpart);
      if (fault === undefined) this.#show(compared, counterpart);
      else this.#told(compared, fault);
    } catch (error) {
      this.#view.say(error instanceof Error ? error.message : String(error));
    }
  }

  #show(compared: Compared, { schema, before }: Counterpart): void {
    const { document = {} } = compared.answer;
    const [changed, samples] = [numberAt(document, 'changed') ?? 0, numberAt(document, 'samples') ?? 0];
    this.#view.show(document, before);
    const name = basename(schema.fsPath);
    if (samples > 0 && numberAt(document, 'untaken') === samples)
      this.#told(compared, l10n.t('{0}: none of {1} files is taken by a selector.', name, samples));
    else this.#told(compared, l10n.t('{0}: {1} of {2} files come out differently.', name, changed, samples));
  }

  #told({ isSaved }: Compared, message: string): void {
    this.#isOutdated = false;
    this.#isOfUnsaved = !isSaved;
    this.#view.say(message);
  }

  /** @returns undefined if it was cancelled, or something newer was asked meanwhile */
  async #run(
    { schema, run }: Counterpart,
    { cancellation, onProgress }: Pick<ImscCall, 'cancellation' | 'onProgress'>,
  ): Promise<Compared | undefined> {
    const own = new CancellationTokenSource();
    const subscription = cancellation?.onCancellationRequested(() => {
      own.cancel();
    });
    this.#running?.cancel();
    this.#running = own;
    const isDropped = (): boolean => own.token.isCancellationRequested;
    const compared = this.#ended.then(async (): Promise<Compared | undefined> => {
      if (isDropped()) return undefined;
      const document = openDocument(schema);
      const [text, isSaved] = [document?.getText(), document?.isDirty !== true];
      const answer = await run(text, { cancellation: own.token, ...(onProgress && { onProgress }) });
      return isDropped() ? undefined : { answer, text, isSaved };
    });
    this.#ended = compared.catch(() => undefined);
    try {
      return await compared;
    } finally {
      subscription?.dispose();
      own.dispose();
      if (this.#running === own) this.#running = undefined;
    }
  }
}

/** Why nothing was compared. */
function failureOf({ answer }: Compared, { schema }: Counterpart): string | undefined {
  if (numberAt(answer.document, 'samples') !== undefined) return undefined;
  return l10n.t('{0} could not be compared. {1}', basename(schema.fsPath), lastWords(answer));
}

/** A schema that is half typed makes nothing of any file: what is shown stays, with the reason. */
function refusal({ answer: { document } }: Compared, { schema }: Counterpart): string | undefined {
  const [refused] = recordsAt(document, 'problems');
  const files = recordsAt(document, 'files');
  const isUsed = files.some((file) => textAt(recordAt(file, 'schemas'), 'after') !== undefined);
  if (refused === undefined || files.length === 0 || isUsed) return undefined;
  const why = textAt(refused, 'message') ?? '';
  return l10n.t('{0} Below is what {1} made before.', why, basename(schema.fsPath));
}
