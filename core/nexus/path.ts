import { budget } from '../limits/budget.ts';
import { LimitedTime } from '../limits/limitedTime.ts';
import { TimeOver } from '../limits/timeOver.ts';
import { brokenLinkError, NexusError } from './model.ts';
import type { NexusFile } from './model.ts';
import { globRegex, pythonRegex } from '../text/pythonRegex.ts';

/**
 * The components of a NeXus path, e.g. `['entry', 'title']` for `/entry/title`, `entry//title/` and `/entry/./title`;
 * none for the root. `..` is an ordinary name, as HDF5 has it.
 */
export function splitPath(path: string): string[] {
  return path.split('/').filter((component) => component !== '' && component !== '.');
}

/** The one spelling of a NeXus path: absolute, without double or trailing slashes. */
export function normalizePath(path: string): string {
  return `/${splitPath(path).join('/')}`;
}

/** @param parent a normalised path */
export function joinPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}

export interface WildcardMatches {
  /** Paths of what matches, in the order of the groups. */
  readonly matches: string[];
  /** Groups that matched on the way but lead no further, and why. */
  readonly skipped: { readonly path: string; readonly reason: string }[];
}

/**
 * Finds what a path with wildcards stands for. A bare `*` is every name; a component that holds a star is a Python
 * regular expression, searched anywhere in the name, as the Python ingestor does; others are taken literally. Unlike
 * there, the search starts at the root with or without a leading slash, the last component may be a wildcard, and
 * groups that lack the rest of the path are skipped.
 * @throws NexusError `path-missing` for an expression that is none, and for a literal start that does not exist;
 * `wildcard-too-slow` for one that goes back and forth over the names for too long
 */
export async function matchWildcard(file: NexusFile, pattern: string): Promise<WildcardMatches> {
  const components = splitPath(pattern);
  let found = ['/'];
  const skipped: { path: string; reason: string }[] = [];
  let wild = false;
  const time = new LimitedTime(budget.wildcardMs);
  for (const [depth, component] of components.entries()) {
    const next: string[] = [];
    const matching = component.includes('*') ? componentMatcher(component, pattern) : undefined;
    for (const group of found) {
      try {
        if (matching !== undefined) {
          const { names } = await file.childNames(group);
          for (const name of matching(names, time)) next.push(joinPath(group, name));
        } else {
          const child = joinPath(group, component);
          // Before the first wildcard, and behind the last component, whoever reads finds out whether it is there.
          if (wild) await requireNode(file, child, depth + 1 < components.length);
          next.push(child);
        }
      } catch (error) {
        if (!wild || !(error instanceof NexusError) || !isAboutPath(error)) throw error;
        skipped.push({ path: group, reason: error.message });
      }
    }
    wild ||= matching !== undefined;
    found = next;
  }
  return { matches: found, skipped };
}

function isAboutPath({ code }: NexusError): boolean {
  return code.startsWith('path-') || code === 'broken-link' || code === 'unreadable-data';
}

async function requireNode(file: NexusFile, path: string, group: boolean): Promise<void> {
  const node = await file.describe(path);
  if (node.kind === 'broken-link') throw brokenLinkError(node);
  if (group && node.kind !== 'group') throw new NexusError('path-not-a-group', `${path} is a dataset.`, path);
}

/** What selects the names that a component with a star stands for, within a time. */
type Matching = (names: readonly string[], time: LimitedTime) => readonly string[];

function componentMatcher(component: string, pattern: string): Matching {
  if (component === '*') return (names) => names;
  try {
    const regex = pythonRegex(component);
    return (names, time) => {
      const found = namesLike(component, regex, names, time);
      if (found) return found;
      throw new NexusError(
        'wildcard-too-slow',
        `"${component}" in ${pattern} takes too long: a repeat within a repeat, such as "(a*)*", tries each way to ` +
          'cut a name into pieces. Write it without.',
        pattern,
      );
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const shell = component.replaceAll('*', '.*');
    const hint = isRegex(shell) ? ` If the star stands for any text, write "${shell}".` : '';
    throw new NexusError(
      'path-missing',
      `"${component}" in ${pattern} is not a regular expression: ${error.message}.${hint}`,
      pattern,
    );
  }
}

/** Expressions that took too long, with the names: an editor would ask again with every key. */
const slow = new Set<string>();
const mostSlow = 100;

/** The names that an expression is found in; undefined where that takes longer than it may. */
function namesLike(
  component: string,
  regex: RegExp,
  names: readonly string[],
  time = new LimitedTime(budget.wildcardMs),
): readonly string[] | undefined {
  const key = `${regex.source} ${names.join('/').slice(0, 1000)}`;
  if (slow.has(key)) return undefined;
  const fitting = (): readonly string[] => names.filter((name) => regex.test(name));
  if (isSurelyQuick(component, names)) return fitting();
  try {
    return time.run(fitting, key);
  } catch (error) {
    if (!(error instanceof TimeOver)) throw error;
    if (slow.size >= mostSlow) slow.clear();
    slow.add(key);
    return undefined;
  }
}

/** Steps that take a few milliseconds; watching the time takes a thread of its own. */
const fewSteps = 100_000;

/**
 * Whether an expression has one repeat at most, and nothing in brackets, so that it takes no more than the square of a
 * name.
 * @param written as a person wrote it: what is made of it has each letter in brackets
 */
function isSurelyQuick(written: string, names: readonly string[]): boolean {
  if (/[()|[\]\\]/.test(written) || (written.match(/[*+?{]/g) ?? []).length > 1) return false;
  return names.reduce((steps, { length }) => steps + (length + 1) ** 2, 0) <= fewSteps;
}

function isRegex(text: string): boolean {
  try {
    pythonRegex(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a wildcard means something else to a reader who takes the star as the shell does: with these names the two
 * readings select differently. A component without a regular reading never works by accident.
 * @param names the names in the group that the component is matched with
 */
export function worksByAccident(component: string, names: readonly string[]): boolean {
  if (!component.includes('*') || component === '*') return false;
  if (!isRegex(component)) return false;
  const found = namesLike(component, pythonRegex(component), names);
  const globbed = namesLike(component, globRegex(component), names);
  if (!found || !globbed) return false;
  return found.length !== globbed.length || found.some((name, index) => name !== globbed[index]);
}
