import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sourceTexts } from '../../../scripts/generate/l10nBundle.ts';

const root = join(import.meta.dirname, '../../..');
const texts = sourceTexts(root);
const bundle = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.json'), 'utf8')) as Record<string, string>;

it('every text for people is in the bundle', () => {
  const missing = texts.filter(({ text, isTranslated }) => isTranslated && bundle[text] === undefined);
  expect(missing).toEqual([]);
  expect(texts.filter(({ isTranslated }) => isTranslated).length).toBeGreaterThan(100);
});

it('the bundle has no text that nobody uses', () => {
  const used = new Set(texts.filter(({ isTranslated }) => isTranslated).map(({ text }) => text));
  expect(Object.keys(bundle).filter((text) => !used.has(text))).toEqual([]);
});

it('no sentence for people stands outside of the bundle', () => {
  const isSentence = /^[^/<]*\p{L}{2,} \p{Ll}+/u;
  const left = texts.filter(({ text, isTranslated }) => !isTranslated && isSentence.test(text));
  // A policy, a class of CSS, and what no person ever sees.
  const others = [/^default-src /, /^note warning$/, /^the page has no …$/];
  expect(left.filter(({ text }) => !others.some((other) => other.test(text)))).toEqual([]);
});
