import { composeYaml } from './composeYaml.ts';
import { duplicateKeyProblems } from './duplicateKeys.ts';
import type { Problem } from './problems.ts';
import { scanYaml } from './scanYaml.ts';
import type { Tree } from './tree.ts';

/** Reads a text as YAML 1.1, as PyYAML's safe loader does, as far as it can be read. */
export function parseYaml(text: string): Tree {
  const { root, problems, comments, anchors } = scanYaml(text) ?? composeYaml(text);
  const all = [...problems, ...characterProblems(text), ...duplicateKeyProblems(root)];
  if (!root && all.length === 0) {
    const message = 'This file is empty; a schema is needed here.';
    all.push({ code: 'syntax', severity: 'error', message, range: { start: 0, end: text.length } });
  }
  return { notation: 'yaml', text, root, problems: all, comments, anchors };
}

/** What PyYAML refuses wherever it stands: control characters and halves of surrogate pairs. */
function characterProblems(text: string): Problem[] {
  const refused = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
  return [...text.matchAll(refused)].map((match): Problem => {
    const range = { start: match.index, end: match.index + match[0].length };
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return {
      code: 'syntax',
      severity: 'error',
      message: `The character U+${code} cannot stand in YAML; remove it, or write “\\u${code}” in double quotes.`,
      range,
      fixes: [{ title: 'Remove the character', edits: [{ range, newText: '' }] }],
    };
  });
}
