import { kindsByFinder } from '../../core/problems/problemCodes.ts';
import { finders } from '../../core/problems/problemKind.ts';
import type { ProblemKind } from '../../core/problems/problemKind.ts';
import { code, pageHead, table } from './markdown.ts';

/** The page that explains every kind of problem; each code is the anchor of its section. */
export function problemsPage(): string {
  const parts = finders.flatMap(({ name: finder, title, about }) => {
    const own = Object.entries<ProblemKind>(kindsByFinder[finder]).sort(([a], [b]) => (a < b ? -1 : 1));
    return [
      `## ${title}`,
      about,
      table(
        ['code', 'severity', 'what it is'],
        own.map(([name, kind]) => [`[${code(name)}](#${name})`, kind.severity, kind.summary]),
      ),
      ...own.flatMap(([name, kind]) => [`### ${name}`, `_${kind.severity}_ – **${kind.summary}**`, kind.explanation]),
    ];
  });
  return [
    pageHead(
      'Problems',
      'core/problems/kinds',
      'Everything that can be wrong has a code. The command line prints it, the editor shows it, settings and comments name it. Codes do not change.',
      'An **error** means that something will not work; a **warning** that something is lost or probably not meant; **information** and **hints** say what is good to know.',
      'A comment silences a problem: `# imsc-ignore CODE` on its line, `# imsc-ignore-next-line CODE` above it, `# imsc-ignore-file CODE` anywhere for the whole file. Behind ` -- ` stands the reason.',
    ),
    ...parts,
  ].join('\n\n');
}
