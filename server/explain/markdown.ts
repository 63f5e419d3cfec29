import { visibleDocument } from '../../core/text/hiddenCharacters.ts';

/** A piece of text as inline code, whatever it holds. */
export function code(text: string): string {
  const line = visibleDocument(text).replaceAll(/\s*\n+\s*/g, ' ');
  if (line === '') return '` `';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return longest > 0 ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`;
}

/** A text as a block of code. */
export function block(text: string, language = ''): string {
  const shown = visibleDocument(text);
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${shown}\n${ticks}`;
}

/** A sentence that may come from a file or a server, shown as it is. */
export function plain(text: string): string {
  return visibleDocument(text)
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, '\\$&')
    .replaceAll('\n', ' ');
}

/** Paragraphs, without those that are empty. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
