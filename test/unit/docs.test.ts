import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { commandNames } from '../../cli/commands.ts';
import { deviating } from '../conformance/deviating.ts';
import { differing } from '../conformance/differing.ts';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);

test('every recorded case that comes out differently is explained', () => {
  const text = readFileSync(join(root, 'docs/differences.md'), 'utf8');
  const missing = [...Object.keys(differing), ...Object.keys(deviating)].filter(
    (name) => !text.includes(`\`${name}\``),
  );
  expect(missing).toEqual([]);
});

test.each(pages)('links of %s lead to files', (page) => {
  const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link);
  const broken = links.filter((link) => !/^https?:/.test(link) && !existsSync(join(root, dirname(page), link)));
  expect(broken).toEqual([]);
});

test('each command has a row on the page of the command line', () => {
  const rows = readFileSync(join(root, 'docs/command-line.md'), 'utf8').matchAll(/^\| (`.*?) +\|/gm);
  const told = [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(?:imsc )?([a-z]+(?:-[a-z]+)*)/g)].map(([, name]) => name),
  );
  expect(commandNames.filter((name) => !told.includes(name))).toEqual([]);
});

test.each(pages)('rows of tables in %s have as many cells as their heads: what is more is not shown', (page) => {
  const texts = readFileSync(join(root, page), 'utf8').replaceAll(/^```.*?^```/gms, '');
  const tables = [...texts.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => table.trim().split('\n'));
  const cells = (row: string) => row.replaceAll('\\|', '').split('|').length;
  const broken = tables.flatMap(([head = '', ...rows]) => rows.filter((row) => cells(row) !== cells(head)));
  expect(broken).toEqual([]);
});
