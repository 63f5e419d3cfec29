import { hasClass } from '../../core/ingest/sources/nexusPlaces.ts';
import type { NexusFile } from '../../core/nexus/model.ts';
import { joinPath, splitPath } from '../../core/nexus/path.ts';
import { NexusError } from '../../core/nexus/model.ts';
import { shortened } from '../../core/text/shortened.ts';
import type { AskDefinitions } from '../samples/nexusDefinitions.ts';
import { code, paragraphs, plain } from './markdown.ts';

/** As much as is read in a hover. */
const longestDoc = 700;
const mostValues = 12;

/**
 * What the NeXus definitions say of what lies at a path, by the classes of the groups around it.
 * @param file where the classes are looked up; without it only classes in the path itself are known
 */
export async function explainDefinition(
  ask: AskDefinitions,
  file: NexusFile | undefined,
  path: string,
): Promise<string | undefined> {
  const parts = splitPath(path);
  const name = parts.at(-1);
  if (name === undefined) return undefined;
  const own = classIn(name) ?? (await classAt(file, path));
  if (own !== undefined) {
    const found = await ask.ofClass(own);
    return found && found.doc !== '' ? paragraphs(`**NeXus** ${code(found.name)}`, textOf(found.doc)) : undefined;
  }
  const outer = parts.at(-2);
  if (outer === undefined) return undefined;
  const className = classIn(outer) ?? (await classAt(file, joinPath('/', parts.slice(0, -1).join('/'))));
  const item = className === undefined ? undefined : await ask.ofItem(className, name);
  if (!item) return undefined;
  const { doc, type, units, values } = item;
  const kind = [
    ...(type === undefined ? [] : [code(type)]),
    ...(units === undefined ? [] : [`unit ${code(units)}`]),
  ].join(', ');
  const shown = values.slice(0, mostValues).map(code).join(', ');
  return paragraphs(
    `**NeXus** ${code(`${className ?? ''}/${name}`)}${kind === '' ? '' : ` — ${kind}`}`,
    doc === '' ? undefined : textOf(doc),
    values.length === 0 ? undefined : `One of ${shown}${values.length > mostValues ? ', …' : ''}.`,
  );
}

function textOf(doc: string): string {
  return plain(shortened(doc, longestDoc));
}

/** The class that a component of a path names: `:NXuser`. */
function classIn(component: string): string | undefined {
  return /^:(NX\w+)$/.exec(component)?.[1];
}

async function classAt(file: NexusFile | undefined, path: string): Promise<string | undefined> {
  if (!file || hasClass(path) || path.includes('*')) return undefined;
  try {
    const node = await file.describe(path);
    return node.kind === 'group' ? node.nxClass : undefined;
  } catch (error) {
    if (error instanceof NexusError) return undefined;
    throw error;
  }
}
