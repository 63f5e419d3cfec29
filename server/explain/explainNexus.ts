import { formatElementType } from '../../core/nexus/values/elementType.ts';
import { formatElements } from '../../core/nexus/inspect.ts';
import { NexusError } from '../../core/nexus/model.ts';
import type { NexusFile, NexusNode } from '../../core/nexus/model.ts';
import { matchWildcard, normalizePath, splitPath, joinPath } from '../../core/nexus/path.ts';
import { attributeIn, hasClass, placesOf } from '../../core/ingest/sources/nexusPlaces.ts';
import type { Places } from '../../core/ingest/sources/nexusPlaces.ts';
import { suggestion } from '../../core/problems/suggestion.ts';
import { shortened } from '../../core/text/shortened.ts';
import { code, paragraphs, plain } from './markdown.ts';
import { shapeText, valueText } from './nexusText.ts';

const mostAttributes = 12;
const mostMatches = 8;
const mostNames = 12;

/** What lies at a path of a NeXus file, or what a path with wildcards stands for, as Markdown. */
export async function explainNexusPath(
  file: NexusFile,
  path: string,
  isWildcard = path.includes('*'),
): Promise<string> {
  try {
    if (hasClass(path)) return await explainPlaces(file, path, await placesOf(file, path));
    if (isWildcard) return await explainPlaces(file, path, await matchWildcard(file, path));
    return await explainNode(file, path);
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    return paragraphs(plain(error.message), await nearest(file, path));
  }
}

async function explainAttribute(file: NexusFile, path: string): Promise<string | undefined> {
  const place = attributeIn(path);
  const attribute = place && (await file.attributes(place.owner)).get(place.name);
  if (!attribute) return undefined;
  const { elements, shape, type } = attribute;
  const head = `**${code(path)}** — attribute, ${code(formatElementType(type))}`;
  return paragraphs(head, `Value: ${code(formatElements(elements, shape, type))}`);
}

async function explainNode(file: NexusFile, path: string): Promise<string> {
  const attribute = await explainAttribute(file, path);
  if (attribute !== undefined) return attribute;
  const node = await file.describe(normalizePath(path));
  const head = `**${code(node.path)}** — ${headOf(node)}`;
  if (node.kind === 'broken-link') return head;
  const value = node.kind === 'dataset' ? await valueText(file, node.path) : undefined;
  const shown =
    value === undefined
      ? undefined
      : `Value: ${code(value)}${node.kind === 'dataset' && node.units ? ` in ${code(node.units)}` : ''}`;
  const children = node.kind === 'group' ? await childrenText(file, node.path) : undefined;
  return paragraphs(head, shown, await attributesText(file, node.path), children);
}

function headOf(node: NexusNode): string {
  switch (node.kind) {
    case 'group':
      return `group${node.nxClass === undefined ? '' : ` ${code(node.nxClass)}`}`;
    case 'broken-link':
      return `link to ${code(node.target)}, which is ${node.refused === undefined ? 'not there' : `not followed: ${plain(node.refused)}`}`;
    case 'dataset':
      return `${code(formatElementType(node.type))}, ${shapeText(node.shape)}${node.units === undefined ? '' : `, unit ${code(node.units)}`}`;
  }
}

async function attributesText(file: NexusFile, path: string): Promise<string | undefined> {
  const attributes = await file.attributes(path);
  if (attributes.size === 0) return undefined;
  const rows = [...attributes]
    .slice(0, mostAttributes)
    .map(([name, { elements, shape, type }]) => `- ${code(name)}: ${code(formatElements(elements, shape, type))}`);
  const rest = attributes.size - rows.length;
  return [`Attributes:`, ...rows, ...(rest > 0 ? [`- … ${rest} more`] : [])].join('\n');
}

async function childrenText(file: NexusFile, path: string): Promise<string> {
  const { total, names } = await file.childNames(path, { offset: 0, limit: mostNames });
  if (total === 0) return 'It is empty.';
  return `Holds ${names.map(code).join(', ')}${total > names.length ? `, … (${total})` : ''}.`;
}

async function explainPlaces(file: NexusFile, path: string, { matches, skipped }: Places): Promise<string> {
  const shown = await Promise.all(
    matches.slice(0, mostMatches).map(async (match) => {
      const value = await valueText(file, match);
      return `- ${code(match)}${value === undefined ? '' : `: ${code(shortened(value, 60))}`}`;
    }),
  );
  const count =
    matches.length === 0 ? 'matches nothing' : `${matches.length} ${matches.length === 1 ? 'match' : 'matches'}`;
  const rest = matches.length > shown.length ? [`- … ${matches.length - shown.length} more`] : [];
  const passed = skipped.slice(0, 3).map(({ path: at, reason }) => `- ${code(at)} is passed over: ${plain(reason)}`);
  return paragraphs(`**${code(path)}** — ${count}`, [...shown, ...rest].join('\n'), passed.join('\n'));
}

/** The last part of the way that is there, and the nearest name in it. */
async function nearest(file: NexusFile, path: string): Promise<string | undefined> {
  let group = '/';
  for (const component of splitPath(path)) {
    try {
      const { names } = await file.childNames(group, { offset: 0, limit: 2000 });
      if (!names.includes(component)) {
        const near = suggestion(component, names);
        return near === undefined ? undefined : `Did you mean ${code(joinPath(group, near))}?`;
      }
      group = joinPath(group, component);
    } catch (error) {
      if (error instanceof NexusError) return undefined;
      throw error;
    }
  }
  return undefined;
}
