/** The messages between the preview's page and the extension; the only file that both know. */

export interface PreviewPosition {
  /** Zero-based. */
  readonly line: number;
  readonly character: number;
}

/** A line of a table. */
export interface PreviewRow {
  readonly name: string;
  readonly state: 'known' | 'failed' | 'unknown';
  /** The value, or why there is none. */
  readonly text: string;
  readonly unit: string;
  /** What SciCat keeps besides, in a few words; empty mostly. */
  readonly stored: string;
  readonly type: string;
  /** What is worth knowing, and what SciCat would refuse. */
  readonly notes: readonly PreviewNote[];
  /** Undefined for what no line of the schema makes. */
  readonly position: PreviewPosition | undefined;
  /** What a click asks for where that is no position of the schema in work. */
  readonly opens?: string;
}

export interface PreviewNote {
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly text: string;
}

/** Heads of a table by what of a row stands below them; what has no head has no column. */
export interface PreviewColumns {
  readonly name: string;
  readonly text: string;
  readonly unit?: string;
  readonly type?: string;
}

export interface PreviewTable {
  readonly id:
    | 'fields'
    | 'metadata'
    | 'jobs'
    | 'variables'
    | 'runs'
    | 'missing'
    | 'differences'
    | 'problems'
    | 'schemas'
    | 'files'
    | 'requests';
  readonly title: string;
  /** Heads of the columns, where they are not name, value, unit and type. */
  readonly columns?: PreviewColumns;
  readonly rows: readonly PreviewRow[];
}

/** What of a dry run is looked at besides the dataset. */
export interface PreviewTab {
  readonly id: 'schemas' | 'files' | 'requests';
  readonly title: string;
  readonly tables: readonly PreviewTable[];
  /** Shown below the tables; empty for none. */
  readonly json: string;
}

/** What came of a dry run, in a line, and what can be done next. */
export interface PreviewOutcome {
  readonly severity: 'error' | 'warning' | 'information';
  readonly text: string;
  readonly actions: readonly ResultAction[];
}

export type ResultAction = 'ingest' | 'again' | 'signIn' | 'asText';

export interface PreviewModel {
  /** Name of the schema's file. */
  readonly schema: string;
  /** Name of the sample's file; empty for none. */
  readonly sample: string;
  /** Why the sample shows nothing; empty if it does. */
  readonly sampleMessage: string;
  readonly tables: readonly PreviewTable[];
  /** Problems of the dataset as a whole. */
  readonly notes: readonly (PreviewNote & { readonly position: PreviewPosition | undefined })[];
  /** The dataset as it would be posted; empty where there is none. */
  readonly json: string;
  /** True where values come from SciCat and it was not asked. */
  readonly canAskScicat: boolean;
  /** Only of a dry run. */
  readonly outcome?: PreviewOutcome;
  readonly more?: readonly PreviewTab[];
}

/** What the page itself says, in the language of the editor. A {0} stands where a number, a name or a reason goes. */
export interface PageTexts {
  readonly noSample: string;
  readonly sample: string;
  readonly schema: string;
  readonly fieldCount: string;
  readonly failedCount: string;
  readonly unknownCount: string;
  readonly refusedCount: string;
  readonly chooseSample: string;
  readonly askScicat: string;
  readonly views: string;
  readonly dataset: string;
  readonly variables: string;
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly type: string;
  readonly none: string;
  readonly showInSchema: string;
  readonly failed: string;
  readonly unknown: string;
  readonly asJson: string;
  readonly error: string;
  readonly warning: string;
  readonly ingest: string;
  readonly again: string;
  readonly signIn: string;
  readonly asText: string;
}

export type ToPage =
  | { readonly type: 'show'; readonly model: PreviewModel; readonly texts: PageTexts }
  /** There is nothing to show, and this is why. */
  | { readonly type: 'empty'; readonly text: string }
  /** Line of the cursor in the schema. */
  | { readonly type: 'cursor'; readonly line: number };

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'reveal'; readonly position: PreviewPosition }
  | { readonly type: 'open'; readonly what: string }
  | { readonly type: 'act'; readonly action: ResultAction }
  | { readonly type: 'chooseSample' }
  | { readonly type: 'askScicat' };
