export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** Who finds problems, and how the page of problems presents what they find. */
export const finders = [
  { name: 'notation', title: 'How a schema file is written', about: 'Syntax and structure, in JSON and YAML.' },
  { name: 'schema', title: 'What a schema says', about: 'Found without a data file and without SciCat.' },
  { name: 'folder', title: 'The schemas of a folder together', about: 'What is wrong between the files.' },
  {
    name: 'rules',
    title: 'The rules of the facility',
    about: 'Found where [imsc-rules.yml](rules.md) lies beside the schemas, or above them.',
  },
  {
    name: 'sample',
    title: 'A schema tried on a file',
    about:
      'Found when a NeXus file is chosen as sample, in the editor or with `imsc check --sample`, by a test of a schema, and when a file is ingested.',
  },
  {
    name: 'configuration',
    title: 'The configuration',
    about: 'Nothing is ingested until the errors among these are mended.',
  },
  { name: 'command line', title: 'The command line', about: 'What a command was given cannot be used.' },
  {
    name: 'run',
    title: 'During an ingestion',
    about: 'From the schemas, from the data file and the files beside it, or from an interrupted run.',
  },
  { name: 'catalogue', title: 'SciCat', about: 'What it answers, refuses or would refuse.' },
] as const;

export type Finder = (typeof finders)[number]['name'];

/** What must be known besides the text to find a problem in it. */
export type Need = 'dataset fields' | 'refusals' | 'file name' | 'data';

/** What the registry says of one kind of problem; `docs/problems.md` is made from it. */
export interface ProblemKind {
  readonly severity: Severity;
  /** What it takes besides the text of the schema; absent where the text is enough. */
  readonly needs?: Need;
  /**
   * What of an ingestion tells the same in its own words, so that it is not said twice: the run itself, of the value or
   * field that is left out, or the check of what SciCat will refuse.
   */
  readonly toldBy?: 'run' | 'refusal';
  /** One line, for tables and settings. */
  readonly summary: string;
  /** Why it matters and what to do; Markdown. */
  readonly explanation: string;
}
