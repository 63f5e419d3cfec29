import { shortened } from '../text/shortened.ts';
import { formatElementType, formatShape } from './values/elementType.ts';
import { NexusError } from './model.ts';
import type { Element, ElementType, NexusFile, NexusGroup, NexusNode, NexusStorage } from './model.ts';
import { normalizePath } from './path.ts';
import { jsonFloatText } from '../text/numberText.ts';

export interface InspectOptions {
  /** Levels below the path; 0 shows the path alone. Default 5. */
  readonly depth?: number;
  /** Nodes in all. Default 1 000. */
  readonly count?: number;
  /** Datasets of at most this many elements show their values. Default 4; 0 reads no data. */
  readonly values?: number;
  /** Characters of a text. Default 80. */
  readonly textLength?: number;
  readonly attributes?: boolean;
}

/** A part of a NeXus file as plain data, ready for print or JSON. */
export interface InspectNode {
  readonly path: string;
  /** Last component of the path; `/` for the root. */
  readonly name: string;
  readonly kind: NexusNode['kind'];
  readonly nxClass?: string;
  /** Datasets: e.g. `float64` and `3 × 4`. */
  readonly type?: string;
  readonly shape?: string;
  readonly units?: string;
  /** Datasets whose values do not simply lie behind each other: how they are stored. */
  readonly storage?: NexusStorage;
  /** Short datasets: the value as text, e.g. `25.3` or `[1, 2, 3]`. */
  readonly value?: string;
  /** Broken links: where to. */
  readonly target?: string;
  /** A group that is shown under this other path, and not again here. */
  readonly sameAs?: string;
  /** Why the value or the children are missing. */
  readonly problem?: string;
  readonly attributes?: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  readonly children?: readonly InspectNode[];
  /** Children that are there but not shown, and the limit that left them out. */
  readonly omitted?: { readonly children: number; readonly because: 'depth' | 'count' };
}

interface Limits extends Required<InspectOptions> {
  left: number;
  /** The path under which a group is shown, by its identity. */
  readonly shown: Map<string, string>;
}

/**
 * Describes what lies at and below a path.
 * @throws NexusError when the path itself is not there; what fails below it is part of the answer
 */
export async function inspectNexus(file: NexusFile, path = '/', options: InspectOptions = {}): Promise<InspectNode> {
  const { depth = 5, count = 1_000, values = 4, textLength = 80, attributes = false } = options;
  const limits = { depth, count, values, textLength, attributes, left: count - 1, shown: new Map<string, string>() };
  return inspectNode(file, await file.describe(normalizePath(path)), limits, depth);
}

async function inspectNode(file: NexusFile, node: NexusNode, limits: Limits, depth: number): Promise<InspectNode> {
  const { kind, path } = node;
  const common = { path, name: path.slice(path.lastIndexOf('/') + 1) || '/', kind };
  if (node.kind === 'broken-link') {
    return { ...common, target: node.target, ...(node.refused === undefined ? {} : { problem: node.refused }) };
  }
  if (node.kind === 'group') {
    const sameAs = await shownBefore(file, path, limits, depth);
    if (sameAs !== undefined) return { ...common, ...nxClassOf(node), sameAs };
  }
  const attributes = limits.attributes ? await inspectAttributes(file, path, limits) : {};
  if (node.kind === 'dataset') {
    return {
      ...common,
      type: formatElementType(node.type),
      shape: formatShape(node.shape),
      ...(node.units === undefined ? {} : { units: node.units }),
      ...(await inspectStorage(file, path)),
      ...(await inspectValue(file, node, limits)),
      ...attributes,
    };
  }
  return {
    ...common,
    ...nxClassOf(node),
    ...attributes,
    ...(await inspectChildren(file, path, limits, depth)),
  };
}

function nxClassOf({ nxClass }: NexusGroup): Pick<InspectNode, 'nxClass'> {
  return nxClass === undefined ? {} : { nxClass };
}

/** Links may lead to a group again and again, and in a circle. */
async function shownBefore(
  file: NexusFile,
  path: string,
  { shown }: Limits,
  depth: number,
): Promise<string | undefined> {
  let identity: string;
  try {
    identity = await file.identity(path);
  } catch (error) {
    if (error instanceof NexusError) return undefined;
    throw error;
  }
  const before = shown.get(identity);
  // Where the depth ends, only its name is shown.
  if (before === undefined && depth > 0) shown.set(identity, path);
  return before;
}

async function inspectChildren(
  file: NexusFile,
  path: string,
  limits: Limits,
  depth: number,
): Promise<Pick<InspectNode, 'children' | 'omitted' | 'problem'>> {
  try {
    if (depth === 0) {
      const { total } = await file.childNames(path, { offset: 0, limit: 0 });
      return total === 0 ? { children: [] } : { omitted: { children: total, because: 'depth' } };
    }
    const { total, nodes } = await file.children(path, { offset: 0, limit: Math.max(limits.left, 0) });
    // Counted before going deeper, so that a group is not cut short for the sake of its first child.
    limits.left -= nodes.length;
    const children: InspectNode[] = [];
    for (const node of nodes) children.push(await inspectNode(file, node, limits, depth - 1));
    const omitted = total - nodes.length;
    return omitted === 0 ? { children } : { children, omitted: { children: omitted, because: 'count' } };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function inspectValue(
  file: NexusFile,
  node: { path: string; shape: readonly number[] | null },
  limits: Limits,
): Promise<Pick<InspectNode, 'type' | 'value' | 'problem'>> {
  const size = node.shape?.reduce((total, length) => total * length, 1) ?? 0;
  if (node.shape === null || size > limits.values) return {};
  try {
    const { dataset, elements, invalidUtf8 } = await file.read(node.path, limits.values);
    const value = formatElements(elements, node.shape, dataset.type, limits.textLength);
    const type = formatElementType(dataset.type);
    return invalidUtf8 ? { type, value, problem: 'not valid UTF-8, read as Latin-1' } : { type, value };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** How a dataset is stored, where that is worth a word. */
async function inspectStorage(file: NexusFile, path: string): Promise<Pick<InspectNode, 'storage'>> {
  try {
    const storage = await file.storage(path);
    return ['compact', 'contiguous'].includes(storage.layout) ? {} : { storage };
  } catch (error) {
    // What is wrong with it, its values say.
    if (error instanceof NexusError) return {};
    throw error;
  }
}

/** e.g. `chunks of 5 × 4, shuffle, deflate 4`. */
export function formatStorage({ layout, chunk, filters }: NexusStorage): string {
  const where = {
    compact: 'in the header',
    contiguous: 'in one piece',
    chunked: `chunks of ${formatShape(chunk ?? [])}`,
    virtual: 'parts of other datasets',
    external: 'in other files',
  };
  return [where[layout], ...filters].join(', ');
}

async function inspectAttributes(
  file: NexusFile,
  path: string,
  limits: Limits,
): Promise<Pick<InspectNode, 'attributes' | 'problem'>> {
  try {
    const attributes = await file.attributes(path);
    return {
      attributes: [...attributes].map(([name, { type, shape, elements }]) => ({
        name,
        type: formatElementType(type),
        value: formatElements(elements, shape, type, limits.textLength),
      })),
    };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  if (error instanceof NexusError) return error.message;
  throw error;
}

/**
 * Values as JSON: `25.3`, `"text"`, `[1, 2]`; `empty` for a null dataspace. Long ones are cut with `…`.
 * @param truncated true where there are more elements than these
 */
export function formatElements(
  elements: readonly Element[],
  shape: readonly number[] | null,
  type: ElementType,
  textLength = 80,
  truncated = false,
): string {
  if (shape === null) return 'empty';
  const [first] = elements;
  if (shape.length === 0 && first !== undefined) return shortened(formatElement(first, type), textLength);
  // More than fits is not worth formatting.
  const shown = elements.slice(0, textLength);
  return shortened(
    `[${shown.map((element) => formatElement(element, type)).join(', ')}${truncated ? ', …' : ''}]`,
    textLength,
  );
}

function formatElement(element: Element, type?: ElementType): string {
  if (typeof element === 'string') return JSON.stringify(element);
  if (element instanceof Uint8Array) return `${element.length} bytes`;
  if (typeof element !== 'object') {
    if (type?.kind === 'float' && typeof element === 'number') return jsonFloatText(element);
    const member = type?.kind === 'enum' ? type.members.find(([, value]) => value === exact(element)) : undefined;
    return member === undefined ? String(element) : `${member[0]} (${element})`;
  }
  if (isList(element)) return `[${element.map((item) => formatElement(item)).join(', ')}]`;
  const fields = new Map(type?.kind === 'compound' ? type.fields.map((field) => [field.name, field.type]) : []);
  return `{${Object.entries(element)
    .map(([name, value]) => `${JSON.stringify(name)}: ${formatElement(value, fields.get(name))}`)
    .join(', ')}}`;
}

function isList(element: Element): element is readonly Element[] {
  return Array.isArray(element);
}

function exact(element: number | bigint | boolean): bigint | undefined {
  return typeof element === 'number' && !Number.isInteger(element) ? undefined : BigInt(element);
}
