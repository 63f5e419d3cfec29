/** Pieces of Markdown for the reference pages. */

/** Says at the top of a page that it is made, and from what. */
export function pageHead(title: string, source: string, ...paragraphs: readonly string[]): string {
  const note = `<!-- Made from ${source} by \`npm run generate\`; changes belong there. -->`;
  return [note, `# ${title}`, ...paragraphs].join('\n\n');
}

/** A table; cells are Markdown of one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

export const code = (text: string): string => `\`${text}\``;

export const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

export function codeBlock(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** A sentence with a capital and a full stop, of a summary that has neither. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const start = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…:]$/.test(start) ? start : `${start}.`;
}
