import { DateTime } from 'luxon';
import isEmail from 'validator/lib/isEmail.js';
import isISO8601 from 'validator/lib/isISO8601.js';
import isURL from 'validator/lib/isURL.js';
import type { FieldFormat } from './datasetFields.ts';

/** What SciCat takes for each format, with the libraries that SciCat itself uses. */
export const fieldFormats: Readonly<
  Record<FieldFormat, { readonly means: string; readonly test: (text: string) => boolean }>
> = {
  email: { means: 'one e-mail address with a full domain', test: (text) => isEmail(text) },
  'email-list': {
    means: 'an e-mail address, or several separated by semicolons',
    test: (text) => text.split(';').every((part) => isEmail(part.trim())),
  },
  'date-time': { means: 'a date and time in ISO 8601', test: (text) => isISO8601(text) },
  'luxon-date-time': {
    means: 'a date and time in ISO 8601, with a T between them',
    test: (text) => DateTime.fromISO(text).isValid,
  },
  url: { means: 'a host with its domain, or a URL', test: (text) => isURL(text) },
  'web-address': { means: 'a URL', test: (text) => isURL(text) },
};
