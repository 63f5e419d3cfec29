import { expect, it } from 'vitest';
import { describeErrorBody } from '../../../core/scicat/errorBody.ts';
import type { ErrorBody } from '../../../core/scicat/errorBody.ts';

const said = (message: string, fields: ErrorBody['fields'] = []): ErrorBody => ({ message, fields, isForeign: false });
const ofOther = (message: string): ErrorBody => ({ message, fields: [], isForeign: true });
const field = (path: string, message: string): ErrorBody =>
  said(message, [{ path, message: message.replace(/\s+/g, ' ') }]);

/** What a body says, and of which fields. */
const cases: readonly (readonly [body: unknown, expected: ErrorBody])[] = [
  ['', said('')],
  ['  \n ', said('')],
  ['{}', said('')],
  ['null', said('')],
  ['3', said('')],
  ['"Internal  server\\nerror "', said('Internal server error')],
  [{ error: 'Bad Request' }, said('Bad Request')],
  [{ message: { message: 'inside' } }, said('inside')],
  [{ message: { message: 'inside' }, error: 'outside' }, said('outside')],
  [{ message: 'Forbidden resource', error: 'Forbidden' }, said('Forbidden resource')],
  // A proxy's page by its title, else by its heading, else as one; its texts as they are.
  ['<html><TITLE lang="en">Bad\n gateway</TITLE><h1>No</h1>', ofOther('a web page, “Bad gateway”')],
  ['<html><h1 class="a">Not  here</h1>', ofOther('a web page, “Not here”')],
  ['<html><body>nothing</body>', ofOther('a web page')],
  ['no healthy\n upstream', ofOther('no healthy upstream')],
  ['x'.repeat(501), ofOther('x'.repeat(501))],
  ['x'.repeat(502), ofOther(`${'x'.repeat(500)}…`)],
  // Texts of the validation library begin with the path.
  [{ message: ['size must be an integer'] }, field('size', 'size must be an integer')],
  [{ message: ['size should be an integer'] }, field('size', 'size should be an integer')],
  [{ message: 'size must be  an integer' }, { ...field('size', 'size must be an integer') }],
  [{ message: ['property foo should not exist'] }, field('foo', 'property foo should not exist')],
  [{ message: ['a.0.property foo should not exist'] }, field('a.0.foo', 'a.0.property foo should not exist')],
  [{ message: ['each value in tags must be a string'] }, field('tags', 'each value in tags must be a string')],
  [{ message: ['nested property a must be an object'] }, field('a', 'nested property a must be an object')],
  [
    { message: ['a.0.each value in nested property b must be an object'] },
    field('a.0.b', 'a.0.each value in nested property b must be an object'),
  ],
  [
    { message: ['a.each value in nested property a must be an object'] },
    field('a', 'a.each value in nested property a must be an object'),
  ],
  [{ message: ['PID is not following the rules'] }, field('pid', 'PID is not following the rules')],
  [{ message: ['Invalid dataset type!'] }, field('type', 'Invalid dataset type!')],
  [{ message: ['Invalid dataset types'] }, field('', 'Invalid dataset types')],
  [{ message: ['the size must be an integer'] }, field('', 'the size must be an integer')],
  [{ message: ['is it so? the property foo should not exist'] }, field('', 'is it so? the property foo should not exist')],
  [{ message: [7] }, field('', 'something is not accepted')],
  [
    { message: ['size must be an integer', 'Expected an email or a list of them'] },
    said('size must be an integer; contactEmail: Expected an email or a list of them', [
      { path: 'size', message: 'size must be an integer' },
      { path: 'contactEmail', message: 'contactEmail: Expected an email or a list of them' },
    ]),
  ],
  // JSON in a text: a tree of properties.
  [
    { message: JSON.stringify([{ property: 'size', constraints: { a: 'size must be whole', b: 'it must not be small' } }]) },
    said('size must be whole; size: it must not be small', [
      { path: 'size', message: 'size must be whole' },
      { path: 'size', message: 'size: it must not be small' },
    ]),
  ],
  [
    { message: JSON.stringify([{ property: 'a', constraints: { a: 'a is wrong' }, children: [{ property: '0', constraints: { a: '0 is wrong' } }] }]) },
    said('a is wrong; a.0: 0 is wrong', [
      { path: 'a', message: 'a is wrong' },
      { path: 'a.0', message: 'a.0: 0 is wrong' },
    ]),
  ],
  [{ message: JSON.stringify(['size must be an integer']) }, field('size', 'size must be an integer')],
  [{ message: JSON.stringify({ a: 1 }) }, said('{"a":1}')],
  // What the database did not take.
  [
    { name: 'ValidationError', message: 'Dataset validation failed', errors: { pid: { message: 'Path `pid` is required.' }, size: {} } },
    {
      ...said('Path `pid` is required.; size cannot be stored', [
        { path: 'pid', message: 'Path `pid` is required.' },
        { path: 'size', message: 'size cannot be stored' },
      ]),
      isRefusedByDatabase: true,
    },
  ],
  [{ name: 'Other', message: 'failed', errors: {} }, { ...said('failed'), isRefusedByDatabase: false }],
]; // prettier-ignore

it.each(cases)('%j', (body, expected) => {
  expect(describeErrorBody(typeof body === 'string' ? body : JSON.stringify(body))).toEqual(expected);
});
