import { once } from 'node:events';
import { inspect } from 'node:util';
import pico from 'picocolors';
import { visibleDocument, visibleText } from '../core/text/hiddenCharacters.ts';
import type { Problem } from '../core/problems/problem.ts';
import type { Severity } from '../core/problems/problemKind.ts';
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
 * What a command says, and the one way by which text reaches the terminal: names, values and messages come from files
 * and servers of others, so what a terminal would obey is made visible, and a line stays a line. Results go to
 * standard output; news, problems and progress go to standard error, so that `--json` output can be piped.
 */
export class Terminal {
  readonly places = new ProblemPlaces();
  readonly isJson: boolean;
  readonly isVerbose: boolean;
  readonly isQuiet: boolean;
  readonly colors = painters;
  readonly #usesColor: boolean;
  readonly #interactive = process.stderr.isTTY;
  readonly #progressAsJson: boolean;
  #progressLine = false;
  #lastPlainLine = performance.now();
  #plainLineInterval = plainLineIntervals.first;

  constructor({ json = false, quiet = false, verbose = false, color = true, progressAsJson = false }: TerminalOptions) {
    this.#progressAsJson = progressAsJson;
    this.isJson = json;
    this.isQuiet = quiet;
    this.isVerbose = verbose;
    this.#usesColor = color && !process.env['NO_COLOR'] && pico.isColorSupported;
  }

  /** A line of the result. */
  print(text: string): void {
    this.#clearProgress();
    process.stdout.write(this.#line(text));
  }

  /** A result that is for a program: JSON, commands of GitHub Actions, or in YAML that hides nothing in its values. */
  printDocument(text: string): void {
    this.#clearProgress();
    process.stdout.write(visibleDocument(text));
  }

  /** A long document, as fast as it is read. */
  async printPieces(pieces: AsyncIterable<string>): Promise<void> {
    this.#clearProgress();
    for await (const piece of pieces) {
      if (!process.stdout.write(visibleDocument(piece))) await once(process.stdout, 'drain');
    }
    process.stdout.write('\n');
  }

  /** News for a person; not said with `--quiet`. */
  say(text: string): void {
    if (this.isQuiet) return;
    this.#clearProgress();
    process.stderr.write(this.#line(text));
  }

  /** Details; only with `--verbose`. */
  detail(text: string): void {
    if (this.isVerbose) this.say(this.colors.dim(text));
  }

  /**
   * How far something is: on a terminal one line with a bar that is written over, elsewhere a plain line now and then,
   * and less often the longer it takes.
   * @param fraction from 0 to 1, where it is known
   * @param pace what only a person reads behind the text; a program counts itself
   */
  progress(text: string, fraction?: number, pace = ''): void {
    if (this.#progressAsJson)
      process.stderr.write(`${visibleDocument(JSON.stringify({ progress: text, fraction }))}\n`);
    if (this.isQuiet || this.#progressAsJson) return;
    if (this.#interactive) {
      const width = (process.stderr.columns || 80) - 1;
      const head = fraction === undefined ? '' : `${bar(fraction)} `;
      const shown = withoutMiddle(visibleText(`${text}${pace}`), Math.max(0, width - head.length));
      process.stderr.write(`\r\u001b[2K${`${head}${shown}`.slice(0, width)}`);
      this.#progressLine = true;
    } else if (performance.now() - this.#lastPlainLine > this.#plainLineInterval) {
      this.#lastPlainLine = performance.now();
      this.#plainLineInterval = Math.min(2 * this.#plainLineInterval, plainLineIntervals.last);
      this.say(`${text}${pace}`);
    }
  }

  /** Problems as `file:line:column: severity code: message`, worst last, so that it stays in sight. */
  problems(problems: readonly Problem[]): void {
    for (const found of problems) {
      if (this.isQuiet && found.severity !== 'error') continue;
      this.#clearProgress();
      process.stderr.write(this.#line(this.problemText(found)));
    }
  }

  /** The one JSON document of a command; plain data only. */
  printJson(document: object): void {
    this.printDocument(`${JSON.stringify(document, null, 2)}\n`);
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

  #line(text: string): string {
    // Text, then the name and the side of each mark, and the text behind it.
    const parts = text.split(mark);
    let line = visibleText(parts[0] ?? '');
    for (let at = 1; at < parts.length; at += 3) {
      const [name = '', side = '', behind = ''] = parts.slice(at, at + 3);
      if (this.#usesColor) line += `\u001b[${inspect.colors[name]?.[Number(side)] ?? 0}m`;
      line += visibleText(behind);
    }
    return `${process.env['GITHUB_ACTIONS'] === 'true' ? withoutCommands(line) : line}\n`;
  }

  #clearProgress(): void {
    if (!this.#progressLine) return;
    process.stderr.write('\r\u001b[2K');
    this.#progressLine = false;
  }
}

/** GitHub Actions obeys lines that begin with `::`, and `##[` wherever it stands. */
function withoutCommands(line: string): string {
  return line.replace(/^\s*::/, '\\$&').replaceAll('##[', '##\\[');
}

const colorNames = ['bold', 'dim', 'red', 'green', 'yellow', 'blue', 'cyan'] as const;
type ColorName = (typeof colorNames)[number];

/**
 * Inside of a text a colour is a mark that holds a number drawn at the start of the process, so that no file and no
 * server can write one.
 */
const secret = Math.random().toString(36).slice(2);
const mark = new RegExp(`\u001b${secret}(${colorNames.join('|')}):([01]);`);

function painter(name: ColorName): (text: string) => string {
  return (text) => `\u001b${secret}${name}:0;${text}\u001b${secret}${name}:1;`;
}

const painters = {
  bold: painter('bold'),
  dim: painter('dim'),
  red: painter('red'),
  green: painter('green'),
  yellow: painter('yellow'),
  blue: painter('blue'),
  cyan: painter('cyan'),
} satisfies Record<ColorName, (text: string) => string>;

/** Where nobody watches, a long computation still says from time to time that it is alive; milliseconds. */
const plainLineIntervals = { first: 5000, last: 60_000 };

/** The beginning says what is done, and the end how far it is: what is too long lacks its middle. */
function withoutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.min(text.length, Math.floor((2 * length) / 3));
  return `${text.slice(0, Math.max(0, length - end - 1))}…${text.slice(text.length - end)}`;
}

function bar(fraction: number): string {
  const length = 12;
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * length);
  return `${'█'.repeat(full)}${'░'.repeat(length - full)} ${String(Math.round(fraction * 100)).padStart(3)} %`;
}

const severityNames: Readonly<Record<Severity, string>> = {
  error: 'error:',
  warning: 'warning:',
  information: 'info:',
  hint: 'hint:',
};
