/** A piece of XML that is ready to be written. */
export class Xml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type XmlValue = string | number | boolean | null | undefined | Xml | readonly XmlValue[];

/**
 * XML from a template: what is filled in is text and is escaped, for contents as for attributes in double quotes; other
 * pieces of XML and lists of them go in as they are, and nothing for what is absent.
 */
export function xml(pieces: TemplateStringsArray, ...values: readonly XmlValue[]): Xml {
  return new Xml(pieces.reduce((text, piece, index) => text + written(values[index - 1]) + piece));
}

/** An element with a text. @param name with its prefix; never of others */
export function element(name: string, text: string): Xml {
  return new Xml(`<${name}>${escaped(text)}</${name}>`);
}

function written(value: XmlValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Xml) return value.text;
  if (typeof value === 'object') return value.map(written).join('');
  return escaped(String(value));
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Line breaks and tabs stay what they are, also in attributes. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
    .replace(/[\t\n\r]/g, (character) => (character === '\n' ? '\n' : `&#${character.charCodeAt(0)};`));
}

/** A whole document, with its declaration. */
export function xmlDocument(root: Xml): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${root.text}\n`;
}
