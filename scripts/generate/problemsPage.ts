import { checkKinds } from '../../core/problems/checkCodes.ts';
import { problemKinds } from '../../core/problems/problemCodes.ts';
import type { ProblemKind } from '../../core/problems/problemCodes.ts';
import { code, pageHead, table } from './markdown.ts';

/** Where a code belongs: the first group that claims it. */
const groups: readonly {
  readonly title: string;
  readonly about: string;
  readonly claims: (name: string) => boolean;
}[] = [
  {
    title: 'How a schema file is written',
    about: 'Syntax and structure, in JSON and YAML.',
    claims: matches(
      /^(syntax|structure|duplicate-key|json-|yaml-|missing-key|unknown-key|wrong-shape|schema-and-schemas)/,
    ),
  },
  {
    title: 'The schemas of a folder together',
    about: 'What is wrong between the files, or with one as a whole.',
    claims: matches(/^(schema-|schemas-directory|no-fallback|no-schema)/),
  },
  {
    title: 'What a schema says',
    about: 'Found without a data file and without SciCat.',
    claims: (name) => name in checkKinds || /^(unknown-|selector-|unused-argument|reserved-field)/.test(name),
  },
  {
    title: 'A schema tried on a sample file',
    about: 'Found when a NeXus file is chosen as sample: in the editor, or with `imsc check --sample`.',
    claims: matches(/^samples?-(?!query)|^test-/),
  },
  {
    title: 'Configuration and command line',
    about: 'Nothing is ingested until the errors among these are mended.',
    claims: matches(/^(config-|token-file|usage|hash-algorithm)/),
  },
  {
    title: 'During an ingestion',
    about: 'From the data file, from SciCat, or from an interrupted run.',
    claims: () => true,
  },
];

function matches(pattern: RegExp): (name: string) => boolean {
  return (name) => pattern.test(name);
}

/** The page that explains every kind of problem; each code is the anchor of its section. */
export function problemsPage(): string {
  const kinds: (readonly [string, ProblemKind])[] = Object.entries(problemKinds);
  const groupOf = (name: string): string | undefined => groups.find(({ claims }) => claims(name))?.title;
  const parts = groups.flatMap(({ title, about }) => {
    const own = kinds.filter(([name]) => groupOf(name) === title).sort(([a], [b]) => (a < b ? -1 : 1));
    if (own.length === 0) return [];
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
      'core/problems/problemCodes.ts',
      'Everything that can be wrong has a code. The command line prints it, the editor shows it, settings and comments name it. Codes do not change.',
      'An **error** means that something will not work; a **warning** that something is lost or probably not meant; **information** and **hints** say what is good to know.',
      'A comment silences a problem: `# imsc-ignore CODE` on its line, `# imsc-ignore-next-line CODE` above it, `# imsc-ignore-file CODE` anywhere for the whole file. Behind ` -- ` stands the reason.',
    ),
    ...parts,
  ].join('\n\n');
}
