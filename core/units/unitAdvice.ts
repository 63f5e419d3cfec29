import { budget } from '../limits/budget.ts';
import { commonUnits } from './commonUnits.ts';
import { isSciCatUnit } from './siQuantity.ts';

/** What is said of a unit that SciCat does not read as it is meant. */
export interface UnitAdvice {
  /** `misread`: SciCat takes it for something else; `unknown`: it does not know it. */
  readonly kind: 'misread' | 'unknown';
  /** A sentence. */
  readonly message: string;
  /** What to write instead, which SciCat reads; empty for no unit at all. Absent where there is nothing. */
  readonly instead?: string;
}

interface Misreading {
  readonly pattern: RegExp;
  readonly readAs: string;
  /** What it most likely means where data are taken. */
  readonly meant: string;
  readonly instead?: (unit: string) => string;
  /** Names and paths of values with which SciCat’s reading is the right one. */
  readonly rightFor?: RegExp;
}

/** Units that SciCat knows, and that are mostly written for another that it would write differently. */
const misreadings: readonly Misreading[] = [
  {
    pattern: /^C(?=$|[/ ])/,
    readAs: 'coulombs, a charge',
    meant: 'degrees Celsius',
    instead: (unit) => unit.replace('C', 'degC'),
    rightFor: /charge|coulomb|dose/i,
  },
  {
    pattern: /^deg(?:ree)?s? +[CF]$/,
    readAs: 'an angle times a charge or a capacity',
    meant: 'a temperature',
    instead: (unit) => `deg${unit.slice(-1)}`,
  },
  {
    pattern: /^F$/,
    readAs: 'farads, a capacity',
    meant: 'degrees Fahrenheit',
    instead: () => 'degF',
    rightFor: /capaci|farad/i,
  },
  {
    pattern: /^(?:1 ?\/ ?A(?:\^?\d)?|A\^-\d)$/,
    readAs: 'one by amperes',
    meant: 'one by ångströms',
    instead: (unit) => unit.replace('A', 'angstrom'),
    rightFor: /current|amp/i,
  },
  {
    pattern: /^b$/,
    readAs: 'bits, an amount of information',
    meant: 'barns, which SciCat does not know',
    rightFor: /bit|byte|size|length|depth|rate|bandwidth/i,
  },
  { pattern: /^N\/A$/, readAs: 'newtons by amperes', meant: 'that there is none', instead: () => '' },
  { pattern: /^ch$/, readAs: 'chains, a length of 20 m', meant: 'channels, which SciCat does not know' },
  { pattern: /^cp$/, readAs: 'cups, a volume', meant: 'centipoise, which SciCat does not know' },
  { pattern: /^pt$/, readAs: 'pints, a volume', meant: 'points, which SciCat does not know' },
  { pattern: /^gr$/, readAs: 'grains, 0.06 g', meant: 'grams', instead: () => 'g' },
  {
    // Beside the value there is no place for another number: mathjs leaves it out.
    pattern: /^[-+]?(?!1(?:\.0*)?[/ ]*[^\d.e])(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)? *[a-zA-ZÅ]/,
    readAs: 'the unit alone, without the number in front of it',
    meant: 'a multiple of it',
  },
];

/** What people write, and what SciCat knows for it: tried one after the other, each on what the others have left. */
const spellings: readonly (readonly [pattern: RegExp, instead: string | ((found: string) => string)])[] = [
  [/^[[(]\s*([^[\]()]*?)\s*[\])]$/gu, '$1'],
  [/[µμ]/gu, 'u'],
  [/(?:[°˚º]|deg(?:ree)?s?[_. ]*)C(?:elsius)?\b|℃/gu, 'degC'],
  [/(?:[°˚º]|deg(?:ree)?s?[_. ]*)F(?:ahrenheit)?\b|℉/gu, 'degF'],
  [/[°˚º]/gu, 'deg'],
  [/[ΩΩ]/gu, 'ohm'],
  [/[⁻−‐‑–]/gu, '-'],
  [/(?<=[\p{L}-])[⁰¹²³⁴-⁹]+|-[⁰¹²³⁴-⁹]+/gu, raised],
  [/\*\*/gu, '^'],
  [/[·⋅∙•×]|(?<=[A-Za-z\d])\.(?=[A-Za-z])/gu, '*'],
  [/(?<=[A-Za-zÅ])(-\d+)/gu, '^$1'],
  [/\b(?:AA|[Aa]ngstr(?:o|ö|oe)ms?|Ang)(?![A-Za-z])|[Åå]ngstr(?:o|ö)ms?/gu, 'angstrom'],
  [/\b[Mm]icrons?\b/gu, 'um'],
  [/\b[Kk]elvins?\b/gu, 'K'],
  [/\b[Cc]elsius\b/gu, 'degC'],
  [/\b([munpfkMG]?)(?:hz|HZ)\b/gu, '$1Hz'],
  [/\b([mu])secs?\b/gu, '$1s'],
  [/\bd\b/gu, 'day'],
  [/\byrs?\b/gu, 'year'],
  [/[A-Za-z]{3,}/gu, (word) => word.toLowerCase()],
];

/**
 * What to say of a unit, from how SciCat reads it; undefined where it is read as it is meant.
 * @param about names and paths of the value, which may say that an unlikely reading is right
 */
export function unitAdvice(unit: string, about = ''): UnitAdvice | undefined {
  const written = unit.trim();
  if (written === '' || commonUnits.includes(unit)) return undefined;
  if (isSciCatUnit(unit)) {
    const found = misreadingOf(written, about);
    if (!found) return undefined;
    const instead = found.instead?.(written);
    const wayOut = instead === undefined ? '' : instead === '' ? ' Leave it empty then.' : ` Write “${instead}” then.`;
    const message = `SciCat reads the unit “${unit}” as ${found.readAs}; mostly it stands for ${found.meant}.${wayOut}`;
    return { kind: 'misread', message, ...(instead !== undefined && { instead }) };
  }
  const instead = knownSpelling(unit, about);
  const wayOut = instead === undefined ? '' : ` It knows “${instead}”.`;
  return {
    kind: 'unknown',
    message: `SciCat does not know the unit “${unit}”, so it does not convert the value, which is found by this very unit alone.${wayOut}`,
    ...(instead !== undefined && { instead }),
  };
}

function misreadingOf(unit: string, about: string): Misreading | undefined {
  return misreadings.find(({ pattern, rightFor }) => pattern.test(unit) && !rightFor?.test(about));
}

/** A unit that SciCat does not know, as it would be known; undefined where there is no such spelling. */
export function knownSpelling(unit: string, about = ''): string | undefined {
  // Of a longer one SciCat is not asked either, and a file may hold any text.
  if (unit.length > budget.unitText) return undefined;
  let written = unit.trim().normalize('NFC');
  for (const [pattern, instead] of spellings) {
    written = typeof instead === 'string' ? written.replaceAll(pattern, instead) : written.replaceAll(pattern, instead);
    if (written !== unit && isSciCatUnit(written)) return misreadingOf(written, about)?.instead?.(written) ?? written;
  }
  return undefined;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `⁻¹`, whose sign is a plain one by then, as `^-1`. */
function raised(text: string): string {
  const plain = Array.from(text, (each) => (superscripts.includes(each) ? String(superscripts.indexOf(each)) : each));
  return `^${plain.join('')}`;
}

/** Whether two units are one that SciCat knows, only written otherwise: `µm` and `um`. */
export function isOtherSpelling(one: string, other: string): boolean {
  return spellingOf(one) === spellingOf(other);
}

function spellingOf(unit: string): string {
  return isSciCatUnit(unit) ? unit : (knownSpelling(unit) ?? unit);
}
