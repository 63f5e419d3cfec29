import { once } from 'node:events';
import pico from 'picocolors';
import type { Problem, Severity } from '../core/imsc/problems.ts';
import { ProblemPlaces } from './problemPlaces.ts';

export interface TerminalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  /** Progress as lines of JSON on standard error: `{"progress": "text", "fraction": 0.5}`. For programs. */
  readonly progressAsJson?: boolean;
}

/**
 * What a command says. Results go to standard output; news, problems and progress go to standard error, so that
 * `--json` output can be piped.
 */
export class Terminal {
  readonly places = new ProblemPlaces();
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  readonly isQuiet: boolean;
  readonly colors: ReturnType<typeof pico.createColors>;
  readonly #interactive = process.stderr.isTTY;
  readonly #progressAsJson: boolean;
  #progressLine = false;
  #lastPlainLine = Date.now();

  constructor({ json = false, quiet = false, verbose = false, color = true, progressAsJson = false }: TerminalOptions) {
    this.#progressAsJson = progressAsJson;
    this.isJson = json;
    this.isQuiet = quiet;
    this.isVerbose = verbose;
    this.colors = color && !process.env['NO_COLOR'] ? pico : pico.createColors(false);
  }

  /** A line of the result. */
  print(text: string): void {
    this.#clearProgress();
    process.stdout.write(`${text}\n`);
  }

  /** A long result, as fast as it is read. */
  async printPieces(pieces: AsyncIterable<string>): Promise<void> {
    this.#clearProgress();
    for await (const piece of pieces) {
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    }
    process.stdout.write('\n');
  }

  /** News for a person; not said with `--quiet`. */
  say(text: string): void {
    if (this.isQuiet) return;
    this.#clearProgress();
    process.stderr.write(`${text}\n`);
  }

  /** Details; only with `--verbose`. */
  detail(text: string): void {
    if (this.isVerbose) this.say(this.colors.dim(text));
  }

  /**
   * How far something is: on a terminal one line with a bar that is written over, elsewhere a plain line now and then.
   * @param fraction from 0 to 1, where it is known
   */
  progress(text: string, fraction?: number): void {
    if (this.#progressAsJson) process.stderr.write(`${JSON.stringify({ progress: text, fraction })}\n`);
    if (this.isQuiet || this.#progressAsJson) return;
    const shown = fraction === undefined ? text : `${bar(fraction)} ${text}`;
    if (this.#interactive) {
      process.stderr.write(`\r\u001b[2K${shown.slice(0, (process.stderr.columns || 80) - 1)}`);
      this.#progressLine = true;
    } else if (Date.now() - this.#lastPlainLine > plainLineIntervalMs) {
      this.#lastPlainLine = Date.now();
      this.say(text);
    }
  }

  /** Problems as `file:line:column: severity code: message`, worst last, so that it stays in sight. */
  problems(problems: readonly Problem[]): void {
    for (const found of problems) {
      if (this.isQuiet && found.severity !== 'error') continue;
      this.#clearProgress();
      process.stderr.write(`${this.problemText(found)}\n`);
    }
  }

  /** The one JSON document of a command; plain data only. */
  printJson(document: object): void {
    this.print(JSON.stringify(document, null, 2));
  }

  /** A problem as JSON output has it. */
  problemRecord(found: Problem): object {
    const { code, severity, message, file } = found;
    return { code, severity, message, file: file ?? null, range: this.places.of(found) ?? null };
  }

  problemText(found: Problem): string {
    const place = this.places.of(found);
    const file = found.file === undefined ? '' : this.places.shortName(found.file);
    const where = place ? `${file}:${place.start.line}:${place.start.column}: ` : file === '' ? '' : `${file}: `;
    const paint = {
      error: this.colors.red,
      warning: this.colors.yellow,
      information: this.colors.blue,
      hint: this.colors.dim,
    };
    return `${where}${paint[found.severity](severityNames[found.severity])} ${found.message} ${this.colors.dim(`[${found.code}]`)}`;
  }

  #clearProgress(): void {
    if (!this.#progressLine) return;
    process.stderr.write('\r\u001b[2K');
    this.#progressLine = false;
  }
}

/** Where nobody watches, a long computation still says from time to time that it is alive. */
const plainLineIntervalMs = 5000;

function bar(fraction: number): string {
  const length = 24;
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * length);
  return `${'█'.repeat(full)}${'░'.repeat(length - full)} ${String(Math.round(fraction * 100)).padStart(3)} %`;
}

const severityNames: Readonly<Record<Severity, string>> = {
  error: 'error:',
  warning: 'warning:',
  information: 'info:',
  hint: 'hint:',
};
