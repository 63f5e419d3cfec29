import { Secret } from './secret.ts';

/** How the value of an option is written. `secret` is a text that is never printed, `headers` a map to such texts. */
export type OptionType =
  | 'boolean'
  | 'integer'
  | 'number'
  | 'text'
  | 'texts'
  /** A list of texts, or one text with commas between them. */
  | 'names'
  | 'numbers'
  | 'secret'
  | 'headers'
  /** A map of texts to texts. */
  | 'map';

export type Headers = Readonly<Record<string, Secret>>;

export interface OptionNotes<T> {
  /** One line, for `--help` and completion. */
  readonly summary: string;
  /** More, where a line is not enough; Markdown. */
  readonly explanation?: string;
  /** What the Python ingestor takes when the option is missing and ours differs. */
  readonly pythonDefault?: string | number | boolean;
  /** Why it differs. */
  readonly differsBecause?: string;
  /** The only values that are accepted. */
  readonly allowed?: readonly T[];
  /** The only texts that are accepted in a list. */
  readonly items?: readonly string[];
  /** Least number accepted. */
  readonly minimum?: number;
  /** Greatest number accepted. */
  readonly maximum?: number;
  /** `null` is accepted and means this; otherwise `null` means that the option was not given. */
  readonly whenNull?: T;
  /** Other spellings of the key in a configuration file. */
  readonly spellings?: readonly string[];
  /** The one-letter form on the command line. */
  readonly short?: string;
  /** Only `imsc online` reads it: everywhere else it is accepted, without effect. */
  readonly onlineOnly?: boolean;
  /** It is accepted, and nothing comes of it: what is wrong there stops nothing. */
  readonly withoutEffect?: boolean;
  /** Not offered on the command line. */
  readonly fileOnly?: boolean;
  /** It must be given; only in what stands in a list. */
  readonly isRequired?: boolean;
}

export interface Option<T> extends OptionNotes<T> {
  readonly kind: 'option';
  readonly type: OptionType;
  readonly default: T;
  readonly isValue: (value: unknown) => value is T;
}

export interface Section<R> {
  readonly kind: 'section';
  readonly summary: string;
  readonly options: R;
}

/** A list of things that have the same options each. */
export interface ListSection<R> {
  readonly kind: 'list';
  readonly summary: string;
  /** One of them, in a word: `location`. */
  readonly item: string;
  readonly options: R;
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isTextsOrNull = (value: unknown): value is readonly string[] | null => value === null || isTexts(value);
const isNumbers = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every(isNumber);
const isSecret = (value: unknown): value is Secret => value instanceof Secret;
const isHeaders = (value: unknown): value is Headers =>
  typeof value === 'object' && value !== null && Object.values(value).every(isSecret);

const isMap = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText);

function option<T>(
  type: OptionType,
  isValue: (value: unknown) => value is T,
): (value: T, notes: OptionNotes<T>) => Option<T> {
  return (value, notes) => ({ kind: 'option', type, default: value, isValue, ...notes });
}

export const boolean = option('boolean', isBoolean);
export const integer = option('integer', isNumber);
export const number = option('number', isNumber);
export const text = option('text', isText);
export const textOrNull = option('text', isTextOrNull);
export const texts = option('texts', isTexts);
export const textsOrNull = option('texts', isTextsOrNull);
export const names = option('names', isTexts);
export const numbers = option('numbers', isNumbers);
export const secret = option('secret', isSecret);
export const headers = option('headers', isHeaders);
export const section = <R>(summary: string, options: R): Section<R> => ({ kind: 'section', summary, options });
export const map = option('map', isMap);
export const list = <R>(summary: string, item: string, options: R): ListSection<R> => ({
  kind: 'list',
  summary,
  item,
  options,
});

/** What a file of options may hold, by the names of the keys. */
export interface OptionTable {
  readonly [name: string]: Option<unknown> | Section<OptionTable> | ListSection<OptionTable>;
}

/** The values of a table, every option with one. */
export type Values<R> = {
  readonly [K in keyof R]: R[K] extends Option<infer T>
    ? T
    : R[K] extends Section<infer S>
      ? Values<S>
      : R[K] extends ListSection<infer S>
        ? readonly Values<S>[]
        : never;
};

/** One option with its place: `ingestion.file_handling.file_path_type`. */
export interface OptionEntry {
  readonly path: string;
  readonly option: Option<unknown>;
}

/** All options of a table in its order, without those of what stands in lists. */
export function* optionsOf(table: OptionTable, prefix = ''): Generator<OptionEntry> {
  for (const [name, item] of Object.entries(table)) {
    const path = prefix + name;
    if (item.kind === 'option') yield { path, option: item };
    else if (item.kind === 'section') yield* optionsOf(item.options, `${path}.`);
  }
}
