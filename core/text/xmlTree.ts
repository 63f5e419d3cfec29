import { SaxesParser } from 'saxes';

/** An element of an XML document, with all that is inside of it but comments and instructions. */
export interface XmlElement {
  /** Of its namespace, or the empty text. */
  readonly uri: string;
  readonly local: string;
  readonly prefix: string;
  /** By their names as they are written. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its texts and children, as they come. */
  readonly content: readonly (string | XmlElement)[];
  /** Its own text, without that of its children; blanks at both ends left out. */
  readonly text: string;
  readonly line: number;
}

/** A document that cannot be read. */
export class XmlFault extends Error {
  override readonly name = 'XmlFault';
  /** From one. */
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** An element that is not closed yet. */
interface Open extends XmlElement {
  readonly children: XmlElement[];
  readonly content: (string | XmlElement)[];
  text: string;
}

/**
 * Reads an XML document with namespaces. Nothing is fetched, and no entity is replaced but those of XML itself: there is
 * no document type.
 * @param mostLevels how deeply elements may be nested
 * @throws XmlFault with the first thing that is wrong
 */
export function readXml(text: string, mostLevels: number): XmlElement {
  const parser = new SaxesParser({ xmlns: true });
  const open: Open[] = [];
  let root: XmlElement | undefined;
  const refuse = (message: string): never => {
    throw new XmlFault(message, parser.line, parser.column + 1);
  };
  parser.on('error', ({ message }) => refuse(`${message.replace(/^\d+:\d+: /, '').replace(/\.$/, '')}.`));
  parser.on('doctype', () => refuse('a document type (<!DOCTYPE …>) is not allowed.'));
  parser.on('opentag', ({ uri, local, prefix, attributes }) => {
    if (open.length >= mostLevels) refuse(`elements are nested more than ${mostLevels} deep.`);
    const values = new Map(Object.values(attributes).map((attribute) => [attribute.name, attribute.value]));
    open.push({ uri, local, prefix, attributes: values, children: [], content: [], text: '', line: parser.line });
  });
  const addText = (more: string): void => {
    open.at(-1)?.content.push(more);
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (!element) return;
    element.text = element.content
      .filter((part) => typeof part === 'string')
      .join('')
      .trim();
    const above = open.at(-1);
    above?.children.push(element);
    above?.content.push(element);
    if (!above) root = element;
  });
  parser.write(text).close();
  return root ?? refuse('there is no element.');
}

/** All text in an element, without its markup. */
export function wholeText({ content }: XmlElement): string {
  return content.map((part) => (typeof part === 'string' ? part : wholeText(part))).join('');
}
