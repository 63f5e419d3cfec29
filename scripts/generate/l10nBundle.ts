import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import ts from 'typescript';

/** A text of the extension's source code. */
export interface SourceText {
  /** Path below the root and line, as `client/extension.ts:12`. */
  readonly place: string;
  /** What stands there; of a template without its values. */
  readonly text: string;
  /** True for what `l10n.t` is called with. */
  readonly isTranslated: boolean;
}

/**
 * Every text in the code of the extension that a person may see: all but what goes into the log, which stays in one
 * language, and the names of modules.
 * @param root the folder of the project
 */
export function sourceTexts(root: string): readonly SourceText[] {
  const files = globSync('client/**/*.ts', { cwd: root }).sort();
  return files.flatMap((file) => {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
    const texts: SourceText[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node) || isLogCall(node)) return;
      const place = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      const [message] = isTranslation(node) ? node.arguments : [];
      if (message && !ts.isStringLiteralLike(message)) throw new Error(`${place}: l10n.t takes a plain text first.`);
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
        const isTranslated = isTranslation(node.parent) && node.parent.arguments[0] === node;
        texts.push({ place, text: textOf(node), isTranslated });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return texts;
  });
}

/** What translators start from: each text of the extension under itself, as VS Code reads it. */
export function l10nBundle(root: string): Readonly<Record<string, string>> {
  const texts = sourceTexts(root).filter(({ isTranslated }) => isTranslated);
  return Object.fromEntries([...new Set(texts.map(({ text }) => text))].sort().map((text) => [text, text]));
}

function textOf(node: ts.StringLiteralLike | ts.TemplateExpression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join('…');
}

/** True for `log.info(…)`, `this.#log.error(…)` and the like. */
function isLogCall(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /(?:^|[.#])log\.\w+$/.test(node.expression.getText());
}

function isTranslation(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.getText() === 'l10n.t';
}
