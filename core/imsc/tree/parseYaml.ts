import { composeExactly, composeYaml } from './composeYaml.ts';
import type { Composed } from './composeYaml.ts';
import { duplicateKeyProblems } from './duplicateKeys.ts';
import type { Problem } from '../../problems/problem.ts';
import { refusalProblem } from './pyYamlRefusal.ts';
import { scanYaml } from './scanYaml.ts';
import type { Tree } from './tree.ts';
import { withListTypes } from './unquotedLists.ts';

/** Reads a text as YAML 1.1, as PyYAML's safe loader does, as far as it can be read. */
export function parseYaml(text: string): Tree {
  const characters = characterProblems(text);
  const reader = characters.length > 0 ? readTolerantly : read;
  const { root, problems, comments, anchors } = withListTypes(text, reader(text), reader);
  const all = [...problems, ...characters, ...duplicateKeyProblems(root)];
  if (!root && all.length === 0) {
    const message = 'This file is empty; a schema is needed here.';
    all.push({ code: 'syntax', severity: 'error', message, range: { start: 0, end: text.length } });
  }
  return { notation: 'yaml', text, root, problems: all, comments, anchors };
}

/** What PyYAML makes of the text; or what can be understood of it, with the reason why PyYAML refuses it. */
function read(text: string): Composed {
  const scanned = scanYaml(text);
  if (scanned && !isDoubtful(scanned)) return scanned;
  const exact = composeExactly(text);
  if (!('offset' in exact)) return exact;
  const tolerant = scanned ?? composeYaml(text);
  if (isDoubtful(tolerant)) return tolerant;
  return { ...tolerant, problems: [...tolerant.problems, refusalProblem(exact, text, 0)] };
}

function readTolerantly(text: string): Composed {
  return scanYaml(text) ?? composeYaml(text);
}

function isDoubtful({ problems }: Composed): boolean {
  return problems.some(({ code }) => code === 'syntax' || code === 'pyyaml-refuses');
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
