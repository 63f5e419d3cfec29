import { catalogueKinds } from './kinds/catalogue.ts';
import { commandLineKinds } from './kinds/commandLine.ts';
import { configurationKinds } from './kinds/configuration.ts';
import { fieldKinds } from './kinds/fields.ts';
import { folderKinds } from './kinds/folder.ts';
import { notationKinds } from './kinds/notation.ts';
import { referenceKinds } from './kinds/references.ts';
import { ruleKinds } from './kinds/rules.ts';
import { runKinds } from './kinds/run.ts';
import { sampleKinds } from './kinds/sample.ts';
import { selectorKinds } from './kinds/selectors.ts';
import { sourceKinds } from './kinds/sources.ts';
import { valueKinds } from './kinds/values.ts';
import type { Finder, Need, ProblemKind } from './problemKind.ts';

/**
 * Every kind of problem that the project can report, by who finds it. A code is stable: it is used in settings, in
 * suppressing comments and in links. A new code is an entry in the file of `kinds/` that fits, and nowhere else.
 */
export const kindsByFinder = {
  notation: notationKinds,
  schema: { ...referenceKinds, ...valueKinds, ...sourceKinds, ...fieldKinds, ...selectorKinds },
  folder: folderKinds,
  rules: ruleKinds,
  sample: sampleKinds,
  configuration: configurationKinds,
  'command line': commandLineKinds,
  run: runKinds,
  catalogue: catalogueKinds,
} as const satisfies Record<Finder, Record<string, ProblemKind>>;

/** The same, by code alone. */
export const problemKinds = {
  ...kindsByFinder.notation,
  ...kindsByFinder.schema,
  ...kindsByFinder.folder,
  ...kindsByFinder.rules,
  ...kindsByFinder.sample,
  ...kindsByFinder.configuration,
  ...kindsByFinder['command line'],
  ...kindsByFinder.run,
  ...kindsByFinder.catalogue,
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;

const kinds: readonly (readonly [string, ProblemKind])[] = Object.entries(problemKinds);

/**
 * The codes that a comment can silence in vain: those that are looked for in the text of a schema, with what is known
 * besides, and that no data file brings about.
 */
export function codesOfText(known: ReadonlySet<Need>): ReadonlySet<string> {
  const ofText: readonly (readonly [string, ProblemKind])[] = Object.entries({
    ...kindsByFinder.notation,
    ...kindsByFinder.schema,
  });
  return new Set(
    ofText.filter(([code, { needs }]) => code !== 'syntax' && (!needs || known.has(needs))).map(([code]) => code),
  );
}

/** The codes of what an ingestion tells in its own words: the run itself, or the check of what SciCat will refuse. */
export function codesToldBy(teller: NonNullable<ProblemKind['toldBy']>): ReadonlySet<string> {
  return new Set(kinds.filter(([, { toldBy }]) => toldBy === teller).map(([code]) => code));
}
