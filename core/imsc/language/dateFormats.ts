/** A format that cannot be written; the message is a sentence for people. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

interface Parts {
  readonly date: Date;
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly microsecond: string;
  /** `+02:00`, or empty for a date without a time zone. */
  readonly offset: string;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** The directives of Python's `strftime` that mean the same everywhere. */
const directives: Readonly<Record<string, (parts: Parts) => string>> = {
  Y: ({ year }) => year,
  y: ({ year }) => year.slice(-2),
  m: ({ month }) => month,
  d: ({ day }) => day,
  H: ({ hour }) => hour,
  I: ({ hour }) => two(Number(hour) % 12 || 12),
  p: ({ hour }) => (Number(hour) < 12 ? 'AM' : 'PM'),
  M: ({ minute }) => minute,
  S: ({ second }) => second,
  f: ({ microsecond }) => microsecond,
  j: ({ date, year }) => {
    const first = new Date(date);
    first.setUTCFullYear(Number(year), 0, 1);
    return String(Math.round((date.getTime() - first.getTime()) / 86_400_000) + 1).padStart(3, '0');
  },
  z: ({ offset }) => offset.replaceAll(':', ''),
  a: ({ date }) => (days[date.getUTCDay()] ?? '').slice(0, 3),
  A: ({ date }) => days[date.getUTCDay()] ?? '',
  b: ({ month }) => (months[Number(month) - 1] ?? '').slice(0, 3),
  B: ({ month }) => months[Number(month) - 1] ?? '',
  '%': () => '%',
};

/**
 * A date as Python's `strftime` writes it, with English names, in the date's own time zone.
 * @param iso as Python's `isoformat` gives it
 * @throws FormatError
 */
export function formatDate(iso: string, format: string): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{6}))?([+-].*)?$/.exec(iso);
  if (!found) throw new FormatError(`“${iso}” is not a date.`);
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', microsecond = '000000', offset = ''] =
    found;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  const parts: Parts = { date, year, month, day, hour, minute, second, microsecond, offset };
  return format.replaceAll(/%(.?)/gs, (written, letter: string) => {
    const directive = new Map(Object.entries(directives)).get(letter);
    if (directive) return directive(parts);
    throw new FormatError(
      `“${written}” is none of ${Object.keys(directives)
        .map((name) => `%${name}`)
        .join(' ')}.`,
    );
  });
}
