import { readXml, wholeText, XmlFault } from '../text/xmlTree.ts';
import type { XmlElement } from '../text/xmlTree.ts';

/** What the NeXus definitions say of a class, or of a field or group of one. */
export interface DefinedItem {
  /** As a file names it; for a group without a name that of its class. */
  readonly name: string;
  /** In the notation of the definitions, in one piece of text; empty where there is none. */
  readonly doc: string;
  /** `NX_FLOAT`, or for a group its class. */
  readonly type: string | undefined;
  /** Category of its unit, as `NX_TEMPERATURE`. */
  readonly units: string | undefined;
  /** The only values that are allowed. */
  readonly values: readonly string[];
}

export interface NexusDefinition {
  readonly name: string;
  /** The class whose items it has besides. */
  readonly extends: string | undefined;
  readonly doc: string;
  readonly items: readonly DefinedItem[];
}

/** Elements inside of elements of a definition; the deepest of the published ones has twelve. */
const mostLevels = 50;

/** Reads a class definition (NXDL). Undefined for what is none, however it is broken. */
export function readDefinition(xml: string): NexusDefinition | undefined {
  let root: XmlElement;
  try {
    root = readXml(xml, mostLevels);
  } catch (error) {
    if (error instanceof XmlFault) return undefined;
    throw error;
  }
  const name = root.attributes.get('name');
  if (root.local !== 'definition' || name === undefined) return undefined;
  return {
    name,
    extends: root.attributes.get('extends'),
    doc: docOf(root),
    items: root.children
      .filter(({ local }) => local === 'field' || local === 'group')
      .map((element) => {
        const type = element.attributes.get('type');
        return {
          name: element.attributes.get('name') ?? type?.replace(/^NX/, '') ?? '',
          doc: docOf(element),
          type,
          units: element.attributes.get('units'),
          values: valuesOf(element),
        };
      }),
  };
}

/** Lines of a paragraph become one; paragraphs stay apart. */
function docOf({ children }: XmlElement): string {
  const doc = children.find(({ local }) => local === 'doc');
  if (!doc) return '';
  return wholeText(doc)
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

function valuesOf({ children }: XmlElement): string[] {
  const items = children.find(({ local }) => local === 'enumeration')?.children ?? [];
  return items.flatMap((item) => item.attributes.get('value') ?? []);
}
