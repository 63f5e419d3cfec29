import contentDisposition from 'content-disposition';
import contentType from 'content-type';

export interface MediaType {
  /** In small letters: `application/atom+xml`. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a Content-Type says; undefined where it is missing or cannot be understood. */
export function mediaTypeOf(header: string | null | undefined): MediaType | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  try {
    const { type, parameters } = contentType.parse(header);
    return { type, parameters };
  } catch {
    return undefined;
  }
}

export interface Disposition {
  readonly type: string;
  /** Of a form field or a part. */
  readonly name?: string | undefined;
  /** The last part of a path, percent-decoded as python-sword2 encodes it; absent where nothing is left. */
  readonly filename?: string | undefined;
}

/** What a Content-Disposition says; undefined where it is missing or cannot be understood. */
export function dispositionOf(header: string | null | undefined): Disposition | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  try {
    const { type, parameters } = contentDisposition.parse(header);
    const { name, filename } = parameters;
    return { type, name, filename: filename === undefined ? undefined : plainFileName(filename) };
  } catch {
    return undefined;
  }
}

/** A file's name without folders and without what no file can be called; undefined where nothing is left. */
function plainFileName(text: string): string | undefined {
  let decoded = text;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    // A percent sign that is one.
  }
  const name = (decoded.split(/[/\\]/).at(-1) ?? '').normalize('NFC').replace(/\p{Cc}/gu, '');
  return name === '' || name === '.' || name === '..' ? undefined : name;
}

/** The header by which a file is saved and not shown. */
export function asAttachment(filename: string): string {
  return contentDisposition(filename);
}
