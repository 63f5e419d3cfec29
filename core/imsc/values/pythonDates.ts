const firstInstant = Date.parse('0001-01-01T00:00:00Z');
const lastInstant = Date.parse('9999-12-31T23:59:59Z');

interface Time {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** Whether the whole text was read. */
  readonly complete: boolean;
}

/**
 * Python 3.12's `datetime.fromisoformat(text).isoformat()`: a date without a zone stays without one, `Z` becomes
 * `+00:00`, a fraction has six digits or, when zero, none. Undefined where Python raises ValueError.
 *
 * Follows CPython's own reader rather than ISO 8601: any character may separate date and time, week dates and the
 * compact forms are read, `24:00` and days of the year are not.
 */
export function isoDateOf(text: string): string | undefined {
  if (text.length < 7) return undefined;
  const separator = separatorIndex(text);
  const date = readDate(text.slice(0, separator));
  if (date === undefined) return undefined;
  if (text.length === separator) return `${date}T00:00:00`;
  const separatorLength = (text.codePointAt(separator) ?? 0) > 0xffff ? 2 : 1;
  const time = readZonedTime(text.slice(separator + separatorLength));
  return time === undefined ? undefined : `${date}T${time}`;
}

/**
 * Python's `datetime.fromtimestamp(seconds, tz=UTC).isoformat()`, microseconds rounded half to even.
 * @param seconds since 1970-01-01T00:00:00Z
 * @returns undefined outside of the years 1 to 9999, and for NaN
 */
export function isoDateOfEpoch(seconds: number | bigint): string | undefined {
  const value = Number(seconds);
  let whole = Math.trunc(value);
  let microsecond = roundHalfEven((value - whole) * 1e6);
  if (microsecond >= 1e6) {
    microsecond -= 1e6;
    whole++;
  } else if (microsecond < 0) {
    microsecond += 1e6;
    whole--;
  }
  const milliseconds = whole * 1000;
  if (!(milliseconds >= firstInstant && milliseconds <= lastInstant)) return undefined;
  return `${new Date(milliseconds).toISOString().slice(0, 19)}${fraction(microsecond)}+00:00`;
}

/** Where the date ends: behind `2024-10-28`, `20241028`, `2024-W44`, `2024-W44-1`, `2024W44` or `2024W441`. */
function separatorIndex(text: string): number {
  if (text.length === 7) return 7;
  if (text[4] === '-') {
    if (text[5] !== 'W' || (text[8] === '-' && !isDigit(text[10]))) return 10;
    return 8;
  }
  if (text[4] !== 'W') return 8;
  const digits = /^\d*/.exec(text.slice(7))?.[0].length ?? 0;
  if (digits < 2) return 7 + digits;
  return digits % 2 === 0 ? 8 : 7;
}

function readDate(text: string): string | undefined {
  const day = /^(\d{4})(-?)(\d\d)\2(\d\d)$/.exec(text);
  if (day) return dateText(Number(day[1]), Number(day[3]), Number(day[4]));
  const week = /^(\d{4})(-?)W(\d\d)(?:\2(\d))?$/.exec(text);
  return week ? weekDate(Number(week[1]), Number(week[3]), Number(week[4] ?? 1)) : undefined;
}

function weekDate(year: number, week: number, day: number): string | undefined {
  if (year < 1 || week < 1 || week > 53 || day < 1 || day > 7) return undefined;
  const first = firstMonday(year);
  const days = (week - 1) * 7 + day - 1;
  if (week === 53 && first + 52 * 7 >= firstMonday(year + 1)) return undefined;
  const date = new Date((first + days) * 86_400_000);
  return dateText(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
}

/** Monday of week 1 of a year, in days since 1970: the week with the fourth of January. */
function firstMonday(year: number): number {
  const fourth = dayNumber(year, 1, 4);
  return fourth - ((((fourth + 3) % 7) + 7) % 7);
}

function dayNumber(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / 86_400_000;
}

function dateText(year: number, month: number, day: number): string | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return undefined;
  if (new Date(dayNumber(year, month, day) * 86_400_000).getUTCDate() !== day) return undefined;
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

function readZonedTime(text: string): string | undefined {
  const mark = text.search(/[+\-Z]/);
  const time = readTime(mark < 0 ? text : text.slice(0, mark));
  if (!time || (mark < 0 && !time.complete)) return undefined;
  const { hour, minute, second, microsecond } = time;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const local = `${pad(hour)}:${pad(minute)}:${pad(second)}${fraction(microsecond)}`;
  if (mark < 0) return local;
  const zone = text[mark] === 'Z' ? (text.length === mark + 1 ? '+00:00' : undefined) : readOffset(text.slice(mark));
  return zone === undefined ? undefined : local + zone;
}

function readOffset(text: string): string | undefined {
  const offset = readTime(text.slice(1));
  if (!offset?.complete) return undefined;
  const seconds = offset.hour * 3600 + offset.minute * 60 + offset.second;
  if (seconds === 0) return '+00:00';
  if (seconds >= 86_400) return undefined;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = seconds % 60 > 0 || offset.microsecond > 0 ? `:${pad(seconds % 60)}${fraction(offset.microsecond)}` : '';
  return `${text.charAt(0)}${pad(hours)}:${pad(minutes)}${rest}`;
}

/**
 * Hours, minutes and seconds of two digits, all with `:` or all without, then a fraction behind `.` or `,`, cut off
 * after six digits. One character more may follow hours, minutes or seconds (CPython overlooks it before a zone).
 */
function readTime(text: string): Time | undefined {
  const parts = [0, 0, 0];
  let position = 0;
  let separated = true;
  for (let part = 0; part < 3; part++) {
    const digits = text.slice(position, position + 2);
    if (!/^\d\d$/.test(digits)) return undefined;
    parts[part] = Number(digits);
    position += 2;
    const next = text.charAt(position);
    if (part === 0) separated = next === ':';
    if (position + next.length >= text.length) return timeOf(parts, 0, next === '');
    if (next === '.' || next === ',') {
      position++;
      break;
    }
    if (separated && next !== ':') return undefined;
    if (separated) position++;
  }
  const digits = /^\d*/.exec(text.slice(position))?.[0] ?? '';
  const remains = text.length - position;
  if (digits.length < Math.min(remains, 6)) return undefined;
  return timeOf(parts, Number(digits.slice(0, 6).padEnd(6, '0')), digits.length === remains);
}

function timeOf([hour = 0, minute = 0, second = 0]: readonly number[], microsecond: number, complete: boolean): Time {
  return { hour, minute, second, microsecond, complete };
}

function fraction(microsecond: number): string {
  return microsecond === 0 ? '' : `.${pad(microsecond, 6)}`;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const above = value - below;
  if (above === 0.5) return below % 2 === 0 ? below : below + 1;
  return above < 0.5 ? below : below + 1;
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
