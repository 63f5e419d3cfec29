import { budget } from '../../limits/budget.ts';
import { decodeText as decodeUtf8, EncodingError } from '../../text/decodeText.ts';
import { finding } from '../rules.ts';
import type { Finding } from '../rules.ts';
import { decodeText } from '../bags/tagFile.ts';
import { givenFields } from './given.ts';
import type { GivenField, Statement } from './given.ts';
import { fieldNamespace, fieldPrefix, namespaces } from './terms.ts';
import type { Said } from './terms.ts';
import { readXml, wholeText, XmlFault } from '../../text/xmlTree.ts';
import type { XmlElement } from '../../text/xmlTree.ts';

/** What an entry says to a repository in the namespace of Software Heritage; of origin and reference there is at most one. */
export interface AtomDeposit {
  /** URL of `create_origin`. */
  readonly createOrigin?: string;
  /** URL of `add_to_origin`. */
  readonly addToOrigin?: string;
  /** `reference`: metadata alone, for a content or an origin that is known already. */
  readonly reference?: { readonly swhid?: string; readonly origin?: string };
}

export interface AtomEntry {
  readonly id?: string;
  readonly title?: string;
  readonly deposit: AtomDeposit;
  /** Of the whole document, foreign markup included. */
  readonly root: XmlElement;
}

export interface ReadAtom {
  /** undefined where the document cannot be read. */
  readonly entry: AtomEntry | undefined;
  /** What it says of the dataset. */
  readonly given: readonly GivenField[];
  /** Errors, and warnings; with line and column where they have one. */
  readonly problems: readonly Finding[];
}

/**
 * Reads an Atom entry (RFC 4287) with Dublin Core, CodeMeta 2.0 and the deposit vocabulary of Software Heritage.
 * @param charset as the message that brought it declares
 */
export function readAtomEntry(
  bytes: Uint8Array,
  { charset }: { readonly charset?: string | undefined } = {},
): ReadAtom {
  const refused = (problem: Finding): ReadAtom => ({ entry: undefined, given: [], problems: [problem] });
  if (bytes.length > budget.packages.atomEntry)
    return refused(
      finding('limit', `The entry has more than the ${budget.packages.atomEntry} bytes that are allowed.`),
    );
  const { text, problem } = textOf(bytes, charset);
  if (text === undefined) return refused(problem);
  let root: XmlElement;
  try {
    root = readXml(text, budget.packages.atomDepth);
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    const { line, column } = error;
    return refused(
      finding('metadata', `The entry, line ${line}, column ${column}: ${error.message}`, { line, column }),
    );
  }
  if (spaceOf(root) !== 'atom' || root.local !== 'entry') {
    const message = `The entry begins with ${root.local}; it must be entry in the namespace of Atom.`;
    return refused(finding('metadata', message, { line: root.line }));
  }
  const { deposit, findings } = depositOf(root);
  const read = givenFields([...statementsIn(root)], 'atom', ({ namespace, element }) => `${namespace}:${element}`);
  const texts = (name: string): string | undefined =>
    root.children.find((child) => spaceOf(child) === 'atom' && child.local === name && child.text !== '')?.text;
  const [id, title] = [texts('id'), texts('title')];
  return {
    entry: { ...(id !== undefined && { id }), ...(title !== undefined && { title }), deposit, root },
    given: read.given,
    problems: [...(problem ? [problem] : []), ...findings, ...read.findings],
  };
}

type Decoded =
  | { readonly text: string; readonly problem: Finding | undefined }
  | { readonly text: undefined; readonly problem: Finding };

/** The encoding by RFC 7303: a mark, then the message, then the document. Where nothing says one it should be UTF-8. */
function textOf(bytes: Uint8Array, charset: string | undefined): Decoded {
  const declared = encodingOfMark(bytes) ?? charset ?? encodingInside(bytes);
  const text = decodeText(bytes, declared ?? 'utf-8');
  if (text !== undefined) return { text, problem: undefined };
  if (declared === undefined) {
    const message =
      'The entry says no encoding and is not UTF-8; it was read as ISO-8859-1. Look whether its umlauts are right, and send UTF-8.';
    return {
      text: decodeText(bytes, 'iso-8859-1') ?? '',
      problem: finding('encoding', message, { severity: 'warning' }),
    };
  }
  const message = `The entry is declared as ${declared} and cannot be read as that${faultIn(bytes, declared)}.`;
  return { text: undefined, problem: finding('encoding', message) };
}

function encodingOfMark([one, two, three]: Uint8Array): string | undefined {
  if (one === 0xef && two === 0xbb && three === 0xbf) return 'utf-8';
  return (one === 0xfe && two === 0xff) || (one === 0xff && two === 0xfe) ? 'utf-16' : undefined;
}

function encodingInside(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  return /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1];
}

function faultIn(bytes: Uint8Array, encoding: string): string {
  if (!/^utf-?8$/i.test(encoding)) return '';
  try {
    decodeUtf8(bytes);
    return '';
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    return `: ${error.message}`;
  }
}

/** What other namespaces may not be called. */
const knownNames: ReadonlySet<string> = new Set([...namespaces.values(), fieldPrefix, 'dc']);

/** The short name of an element's namespace. */
function spaceOf({ uri, prefix }: XmlElement): string {
  if (uri === fieldNamespace) return fieldPrefix;
  const known = namespaces.get(uri.toLowerCase().replace(/^https?:/, ''));
  if (known !== undefined) return known;
  // Programs that write XML make up ns0, ns1, …
  const isMadeUp = prefix === '' || /^ns\d+$/.test(prefix);
  const name = isMadeUp ? (uri.match(/[A-Za-z0-9_-]+/g)?.at(-1) ?? 'other') : prefix;
  return knownNames.has(name) ? `${name}_other` : name;
}

/** What an element says: its text, markup such as XHTML left out, or an object of its children; undefined if it has no text at all. */
function saidBy(element: XmlElement): Said | undefined {
  if (element.text !== '' || element.children.length === 0) {
    const text = wholeText(element).trim();
    return text === '' ? undefined : text;
  }
  const parts = new Map<string, Said[]>();
  for (const child of element.children) {
    const said = saidBy(child);
    if (said === undefined) continue;
    const known = parts.get(child.local);
    if (known) known.push(said);
    else parts.set(child.local, [said]);
  }
  if (parts.size === 0) return undefined;
  return Object.fromEntries(
    [...parts].map(([name, [only, ...more]]): [string, Said] => [
      name,
      only === undefined || more.length > 0 ? (parts.get(name) ?? []) : only,
    ]),
  );
}

const isDeposit = (element: XmlElement): boolean => spaceOf(element) === 'swh' && element.local === 'deposit';
const originNames: ReadonlySet<string> = new Set(['create_origin', 'add_to_origin']);

function* statementsIn(root: XmlElement): Generator<Statement, void> {
  for (const child of root.children) {
    const namespace = spaceOf(child);
    if (!isDeposit(child)) {
      const value = saidBy(child);
      if (value !== undefined)
        yield { namespace, element: child.local, value, from: `${namespace}:${child.local}`, line: child.line };
      continue;
    }
    for (const inner of child.children) {
      const from = `swh:${inner.local}`;
      const origin = originNames.has(inner.local) ? inner.children.find(({ local }) => local === 'origin') : undefined;
      const url = origin?.attributes.get('url');
      if (url !== undefined) yield { namespace: 'swh', element: 'origin_url', value: url, from, line: inner.line };
      const value = saidBy(inner);
      if (value !== undefined && inner.local !== 'reference')
        yield { namespace: 'swh', element: inner.local, value, from, line: inner.line };
    }
  }
}

/** What an entry asks of a repository; the three ways exclude each other. */
function depositOf(root: XmlElement): { readonly deposit: AtomDeposit; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const asked = root.children
    .filter(isDeposit)
    .flatMap(({ children }) => children)
    .filter((child) => spaceOf(child) === 'swh' && (originNames.has(child.local) || child.local === 'reference'));
  const attribute = (element: XmlElement, child: string, name: string): string | undefined =>
    element.children.find(({ local }) => local === child)?.attributes.get(name);
  const [first, ...others] = asked;
  if (!first) return { deposit: {}, findings };
  for (const other of others) {
    const message = `The entry has ${first.local} and ${other.local}; create_origin, add_to_origin and reference exclude each other, and there is one of them.`;
    findings.push(finding('metadata', message, { line: other.line }));
  }
  const origin = attribute(first, 'origin', 'url');
  const swhid = attribute(first, 'object', 'swhid');
  const isReference = first.local === 'reference';
  if (origin === undefined && !(isReference && swhid !== undefined)) {
    const needed = isReference ? 'an object with a swhid, or an origin with a url' : 'an origin with a url';
    findings.push(finding('metadata', `${first.local} needs ${needed}.`, { line: first.line }));
    return { deposit: {}, findings };
  }
  if (isReference) {
    const reference = { ...(swhid !== undefined && { swhid }), ...(origin !== undefined && { origin }) };
    return { deposit: { reference }, findings };
  }
  const url = origin ?? '';
  return { deposit: first.local === 'create_origin' ? { createOrigin: url } : { addToOrigin: url }, findings };
}
