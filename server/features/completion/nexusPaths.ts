import { CompletionItemKind } from 'vscode-languageserver';
import { formatElementType } from '../../../core/nexus/values/elementType.ts';
import { NexusError } from '../../../core/nexus/model.ts';
import type { NexusFile, NexusNode } from '../../../core/nexus/model.ts';
import { joinPath, normalizePath, worksByAccident } from '../../../core/nexus/path.ts';
import { pythonRegex } from '../../../core/text/pythonRegex.ts';
import { describeOrNothing } from '../../../core/nexus/describe.ts';
import { shortened } from '../../../core/text/shortened.ts';
import { shapeText, valueText } from '../../explain/nexusText.ts';
import { hasLetters } from './letters.ts';
import { knownDatasets } from './nexusIndex.ts';
import { forms } from '../../../core/imsc/language/forms.ts';
import { formatElements } from '../../../core/nexus/inspect.ts';
import type { NexusAttribute } from '../../../core/nexus/model.ts';
import { hasClass, placesOf } from '../../../core/ingest/sources/nexusPlaces.ts';
import { inDialect, replacePart, withEdit } from './proposal.ts';
import type { CompletionContext, Proposal, Proposals } from './proposal.ts';

/** Groups of a wildcard that are looked into, and children that are offered, at most. */
const mostParents = 5;
const mostChildren = 300;
/** Values that are read for one list, at most. */
const mostValues = 40;
const mostDeep = 100;

/** Paths in the sample, segment by segment, wildcards that match several siblings, and datasets further down. */
export async function nexusPathProposals(context: CompletionContext): Promise<Proposals> {
  const { file, place } = context;
  if (!file) return { items: [], incomplete: true };
  const { text, cursor } = place;
  if (text.slice(0, cursor).includes('@')) return { items: await attributeProposals(context, file) };
  const segment = text.lastIndexOf('/', cursor - 1) + 1;
  const next = text.indexOf('/', cursor);
  const end = next < 0 ? text.length : next;
  const group = normalizePath(text.slice(0, segment));
  const typed = text.slice(segment, cursor);
  const { nodes, names, isWhole } = await childrenOf(file, group, typed);
  const values = await valuesOf(file, nodes);
  // Editors compare what is typed with each proposal from where its edit begins, and only what begins at the same place
  // keeps the order that it is given here: so every proposal is a whole path.
  const before = segment === 0 ? '/' : text.slice(0, segment);
  const items = [
    ...nodes.flatMap((node): Proposal[] => {
      const name = node.path.slice(node.path.lastIndexOf('/') + 1);
      const isGroup = node.kind === 'group';
      const edit = replacePart(context, 0, end, `${before}${name}${isGroup && next < 0 ? '/' : ''}`);
      const value = values.get(node.path);
      return withEdit(edit, {
        label: name,
        kind: isGroup ? CompletionItemKind.Folder : CompletionItemKind.Value,
        filter: text.length === 0 ? name : `${before}${name}`,
        rank: 0,
        description: value ?? nodeText(node),
        detail: value === undefined ? nodeText(node) : `${nodeText(node)} = ${value}`,
        topic: { kind: 'nexus', path: node.path, uri: context.snapshot.uri },
        goesOn: isGroup,
      });
    }),
    ...(typed.startsWith(':') ? classProposals(context, nodes, { before, end, isLast: next < 0 }) : []),
    ...wildcards(context, names, { before, end, isLast: next < 0 }),
    ...(await deepPaths(context, file)),
  ];
  return { items, incomplete: !isWhole || !knownDatasets(file).isComplete };
}

/** The attributes of what stands before the `@`. */
async function attributeProposals(context: CompletionContext, file: NexusFile): Promise<Proposal[]> {
  const { text, cursor } = context.place;
  const owner = text.slice(0, text.lastIndexOf('@', cursor));
  const found = await file.attributes(normalizePath(owner)).catch((error: unknown) => {
    if (error instanceof NexusError) return new Map<string, NexusAttribute>();
    throw error;
  });
  return [...found].flatMap(([name, { elements, shape, type }]): Proposal[] => {
    const path = `${owner}@${name}`;
    const description = shortened(formatElements(elements, shape, type), 60);
    const proposal = { label: name, kind: CompletionItemKind.Property, filter: path, rank: 0, description };
    return withEdit(replacePart(context, 0, text.length, path), inDialect(context, forms.attribute, proposal));
  });
}

/** The classes of the groups at this level, where a colon was typed. */
function classProposals(
  context: CompletionContext,
  nodes: readonly NexusNode[],
  { before, end, isLast }: Segment,
): Proposal[] {
  const classes = new Set(nodes.flatMap((node) => (node.kind === 'group' ? (node.nxClass ?? []) : [])));
  return [...classes].flatMap((name): Proposal[] => {
    const edit = replacePart(context, 0, end, `${before}:${name}${isLast ? '/' : ''}`);
    const proposal = {
      label: `:${name}`,
      kind: CompletionItemKind.Class,
      filter: `${before}:${name}`,
      rank: 3,
      detail: 'each group of this class, whatever it is called',
      goesOn: isLast,
    };
    return withEdit(edit, inDialect(context, forms.className, proposal));
  });
}

/** Class or type, shape and unit in one line. */
function nodeText(node: NexusNode): string {
  switch (node.kind) {
    case 'group':
      return node.nxClass ?? 'group';
    case 'broken-link':
      return 'broken link';
    case 'dataset': {
      const units = node.units === undefined || node.units === '' ? '' : ` in ${node.units}`;
      const shape = node.shape?.length === 0 ? '' : ` ${shapeText(node.shape)}`;
      return `${formatElementType(node.type)}${shape}${units}`;
    }
  }
}

interface Children {
  /** One of each name. */
  readonly nodes: readonly NexusNode[];
  readonly names: readonly string[];
  readonly isWhole: boolean;
}

async function childrenOf(file: NexusFile, group: string, typed: string): Promise<Children> {
  try {
    const isSought = group.includes('*') || hasClass(group);
    const parents = isSought ? (await placesOf(file, group)).matches.slice(0, mostParents) : [group];
    const found = new Map<string, NexusNode>();
    let isWhole = true;
    for (const parent of parents) {
      const { nodes, total } = await file.children(parent, { offset: 0, limit: mostChildren });
      isWhole &&= nodes.length === total;
      const more = nodes.length === total ? [] : await namedLike(file, parent, typed);
      for (const node of [...nodes, ...more]) found.set(node.path.slice(node.path.lastIndexOf('/') + 1), node);
    }
    return { nodes: [...found.values()], names: [...found.keys()], isWhole };
  } catch (error) {
    if (error instanceof NexusError) return { nodes: [], names: [], isWhole: true };
    throw error;
  }
}

/** In a group too large to be offered as a whole: what begins with the letters that are there. */
async function namedLike(file: NexusFile, parent: string, typed: string): Promise<NexusNode[]> {
  if (typed === '') return [];
  const { names } = await file.childNames(parent);
  const like = names.filter((name) => name.startsWith(typed)).slice(0, mostChildren);
  return Promise.all(like.map((name) => file.describe(joinPath(parent, name))));
}

async function valuesOf(file: NexusFile, nodes: readonly NexusNode[]): Promise<Map<string, string>> {
  const small = nodes.filter((node) => node.kind === 'dataset' && sizeOf(node.shape) <= 8).slice(0, mostValues);
  const texts = await Promise.all(small.map(({ path }) => valueText(file, path)));
  return new Map(
    small.flatMap(({ path }, index): [string, string][] => {
      const text = texts[index];
      return text === undefined ? [] : [[path, shortened(text, 60)]];
    }),
  );
}

function sizeOf(shape: readonly number[] | null): number {
  return shape?.reduce((product, length) => product * length, 1) ?? 0;
}

interface Segment {
  /** The path up to it, with its slash. */
  readonly before: string;
  readonly end: number;
  readonly isLast: boolean;
}

/** Patterns for siblings that differ in their numbers, such as `user_1` and `user_2`. */
function wildcards(context: CompletionContext, names: readonly string[], { before, end, isLast }: Segment): Proposal[] {
  const stems = new Map<string, number>();
  for (const name of names) {
    const stem = /^(.*\D)\d+$/.exec(name)?.[1];
    if (stem !== undefined) stems.set(stem, (stems.get(stem) ?? 0) + 1);
  }
  return [...stems].flatMap(([stem, count]): Proposal[] => {
    const pattern = patternFor(stem, names);
    if (count < 2 || pattern === undefined) return [];
    const matcher = pythonRegex(pattern);
    const matches = names.filter((name) => matcher.test(name));
    const edit = replacePart(context, 0, end, `${before}${pattern}${isLast ? '/' : ''}`);
    return withEdit(edit, {
      label: `${stem}*`,
      kind: CompletionItemKind.Operator,
      filter: context.place.text.length === 0 ? `${stem}*` : `${before}${stem}*`,
      rank: 1,
      description: `${matches.length} match`,
      detail: `${pattern} matches ${shortened(matches.join(', '), 120)}; needs value_type string[]`,
      documentation:
        'A component with `*` is a regular expression that is searched in the names of the group. It works with the value type `string[]` only.',
      goesOn: isLast,
    });
  });
}

/** The pattern as a shell would write it where that means the same here, else as a regular expression. */
function patternFor(stem: string, names: readonly string[]): string | undefined {
  const shell = `${stem}*`;
  const safe = /^[\p{L}\p{N}_ -]+$/u.test(stem);
  if (safe && !worksByAccident(shell, names)) return shell;
  const escaped = stem.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  const pattern = `^${escaped}.*$`;
  return pattern.includes('/') ? undefined : pattern;
}

/** Datasets anywhere in the file whose path has the letters that are typed, in that order. */
async function deepPaths(context: CompletionContext, file: NexusFile): Promise<Proposal[]> {
  const { text } = context.place;
  if (text.includes('*')) return [];
  const depth = text.split('/').length;
  const letters = text.toLowerCase();
  const fitting: string[] = [];
  for (const path of knownDatasets(file).paths) {
    if (fitting.length === mostDeep) break;
    if (path.split('/').length > depth && hasLetters(path.toLowerCase(), letters)) fitting.push(path);
  }
  const nodes = await Promise.all(fitting.map((path) => describeOrNothing(file, path)));
  const values = await valuesOf(
    file,
    nodes.filter((node) => node !== undefined),
  );
  return nodes.flatMap((node): Proposal[] => {
    if (!node) return [];
    const value = values.get(node.path);
    return withEdit(replacePart(context, 0, text.length, node.path), {
      label: node.path,
      kind: CompletionItemKind.Value,
      filter: node.path,
      rank: 2,
      description: value ?? nodeText(node),
      ...(value !== undefined && { detail: `${nodeText(node)} = ${value}` }),
      topic: { kind: 'nexus', path: node.path, uri: context.snapshot.uri },
    });
  });
}
