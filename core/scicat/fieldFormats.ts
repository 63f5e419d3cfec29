import isEmail from 'validator/lib/isEmail.js';
import isISO8601 from 'validator/lib/isISO8601.js';
import isURL from 'validator/lib/isURL.js';
import type { FieldFormat } from './datasetFields.ts';
import { isLuxonDateTime } from './luxonDateTime.ts';

/** What SciCat takes for each format, with the libraries that SciCat itself uses. */
export const fieldFormats: Readonly<
  Record<FieldFormat, { readonly means: string; readonly test: (text: string) => boolean }>
> = {
  email: { means: 'one e-mail address with a full domain', test: (text) => isEmail(text) },
  'email-list': {
    means: 'an e-mail address, or several separated by semicolons',
    test: (text) => text.split(';').every((part) => isEmail(part.trim())),
  },
  'date-time': { means: 'a date and time in ISO 8601', test: (text) => isUsualDateTime(text) || isISO8601(text) },
  'luxon-date-time': {
    means: 'a date and time in ISO 8601, with a T between them',
    test: (text) => isUsualDateTime(text) || isLuxonDateTime(text),
  },
  url: { means: 'a host with its domain, or a URL', test: (text) => isURL(text) },
  'web-address': { means: 'a URL', test: (text) => isURL(text) },
};

/**
 * Whether the text is of the form in which dates and times are usually written, such as `2025-01-20T12:00:00.5Z`, and a
 * day that exists. What is not may still be valid; luxon takes 20 ms for its first answer.
 */
function isUsualDateTime(text: string): boolean {
  const form = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-3]):[0-5]\d)$/;
  const day = form.exec(text)?.[1];
  if (day === undefined) return false;
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
