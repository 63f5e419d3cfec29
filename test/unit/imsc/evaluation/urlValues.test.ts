import { describe, expect, it } from 'vitest';
import { addressPart, addressPartFault } from '../../../../core/text/addressPart.ts';
import { checkUrlValues } from '../../../../core/imsc/evaluation/urlValues.ts';
import type { Value } from '../../../../core/imsc/values/values.ts';

const text = (value: string): Value => ({ kind: 'string', value });

function check(template: string, values: Record<string, string | Value>) {
  const known = new Map(
    Object.entries(values).map(([name, value]) => [
      name,
      { value: typeof value === 'string' ? text(value) : value, unit: '' },
    ]),
  );
  return checkUrlValues(template, known);
}

describe('a value in a url', () => {
  it.each([
    ['proposals/<v>', '2024-117'],
    ['proposals/<v>', '20.500.12269%2Fab+c'],
    ['proposals/<v>', 'a b & ü = 1:2'],
    ['proposals/x-<v>', ''],
    ['proposals/..<v>', 'x'],
    ['https://scicat.example.org/api/v3/proposals/<v>', '7'],
    ['instruments?filter={"where":{"name":"<v>"}}', 'VESTA ü? {1}'],
    ['instruments?filter={"limits":{"limit":<v>}}', '12'],
    ['instruments?filter=<v>', '{"where":{"name":"a"}}'],
    ['instruments?filter=%7B%22where%22%3A%7B%22name%22%3A%22<v>%22%7D%7D', 'VESTA'],
    ['instruments?filter=<v>', '/'],
    ['instruments?filter={"where":{"name":"<v>"}}', 'a/b'],
    ['instruments?filter={"where":{"name":{"like":"run <v>"}}}', ''],
    ['instruments?filter={"where":{"name":"<v>_1","group":""}}', ''],
    ['instruments?filter={"skip":0}&title="<v>"', ''],
    ['proposals/<v>', 'a..;x'],
    ['<v>/1', 'samples'],
    ['<v>', 'instruments/4'],
    ['datasets/x#<v>', '?#'],
  ])('fills in %s with %j', (template, v) => {
    expect(check(template, { v })).toEqual({ fault: undefined, notes: [] });
  });

  it.each([
    ['proposals/<v>', '', 'empty'],
    ['proposals/<v>', ' \u00a0', 'empty'],
    ['datasets/<v>/origdatablocks', '', 'empty'],
    ['proposals/<v>', '.', '“..”'],
    ['proposals/<v>', '..', '“..”'],
    ['proposals/.<v>', '.', '“..”'],
    ['proposals/<v>', '%2e%2E', '“..”'],
    ['proposals/<v>', '%252e.', '“..”'],
    ['proposals/<v>', '..\\users', '“..”'],
    ['proposals/<v>', 'a/../../users', '“..”'],
    ['proposals/<v>', '7%2f..%2f..%2fusers', '“..”'],
    ['proposals/<v>', 'a//b', 'empty'],
    ['proposals/<v>', '7/', 'empty'],
    ['proposals/<v>', '7?access=all', '“?”'],
    ['proposals/<v>', '7#x', '“#”'],
    ['proposals/<v>', '7\r\nHost: other', 'control character'],
    ['proposals/<v>', '7%0d%0a', 'control character'],
    ['proposals/<v>', 'a\ud800', 'half of a character'],
    ['<v>', 'https://other.example/x', 'by the schema alone'],
    ['<v>', '//other.example/x', 'by the schema alone'],
    ['<v>', 'file:///etc/passwd', 'by the schema alone'],
    ['<v>proposals/1', 'http://other.example/', 'by the schema alone'],
    ['http<v>/x', 's://other.example', 'by the schema alone'],
    ['https://<v>/api/v3/proposals/1', 'other.example', 'by the schema alone'],
    ['https://scicat<v>/proposals/1', '.other.example', 'by the schema alone'],
    ['<v>/1', 'users', 'none of datasets'],
    ['<v>', 'admin/config', 'none of datasets'],
    ['<v>', '', 'empty'],
    ['instruments?filter=<v>', '', 'empty'],
    ['instruments?filter={"where":{"name":{"ilike":"<v>"}}}', '', 'empty'],
    ['instruments?filter={"where":{"name":{"ilike":" ^<v>.*$"}}}', ' ', 'empty'],
    ['instruments?filter={"where":{"a":"b","name":"%<v>%"}}&x=1', '', 'empty'],
    ['instruments?filter=%7B%22where%22%3A%7B%22name%22%3A%22<v>%22%7D%7D', '', 'empty'],
    ['proposals/<v>', '..;', '“..”'],
    ['proposals/<v>/samples', '.;jsessionid=1/..;x', '“..”'],
    ['instruments?filter={}&skip=<v>', '1&filter=x', '“&”'],
    ['instruments?filter=<v>', '{}#', '“#”'],
    ['instruments?filter={"where":{"name":"<v>"}}', 'a"},"limits":{"limit":1', '“"”'],
    ['instruments?filter={"where":{"name":"<v>"}}', 'a\\', '“\\”'],
    ['instruments?filter={"where":{"name":"<v>"}}', 'a%22%7D', '“"”'],
    ['instruments?filter={"where":{"name":"<v>"}}', 'a\ud800', 'half of a character'],
    ['https://<v>/api/v3/proposals/1', 'a\ud800', 'half of a character'],
    ['instruments?filter={"where":{"n":<v>}}', '1}', '“}”'],
  ])('does not lead %s elsewhere with %j', (template, v, says) => {
    expect(check(template, { v }).fault).toContain(says);
  });

  it('keeps a plain slash, with a note', () => {
    const { fault, notes } = check('datasets/<v>', { v: '20.500.12269/x' });
    expect(fault).toBeUndefined();
    expect(notes.join()).toContain('urlsafe');
  });

  it('takes two values of one part together', () => {
    expect(check('proposals/<a><b>', { a: '.', b: '.' }).fault).toContain('<a> and <b>');
    expect(check('proposals/<a><b>', { a: '', b: '3' }).fault).toBeUndefined();
    expect(check('samples?filter={"where":{"x":"<a><b>"}}', { a: '', b: '3' }).fault).toBeUndefined();
    expect(check('samples?filter={"where":{"x":"<a><b>"}}', { a: '', b: '' }).fault).toContain('empty');
  });
});

describe('a text as part of an address', () => {
  it.each([
    ['20.500.12269/a b', '20.500.12269%2Fa%20b'],
    ['...', '...'],
    ['a?#%', 'a%3F%23%25'],
  ])('encodes %j', (part, encoded) => {
    expect(addressPart(part)).toBe(encoded);
  });

  it.each(['', ' ', '.', '..', '..;x', '%2e.', 'a/..', '../a', 'a\n', '\ud800'])('refuses %j', (part) => {
    expect(addressPartFault(part)).toBeDefined();
    expect(() => addressPart(part)).toThrow(RangeError);
  });
});
