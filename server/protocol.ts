/**
 * The messages between the language server and the extension beyond the Language Server Protocol. This is the only
 * file of the server that the client may know; it imports nothing. URIs are strings, files absolute paths, positions
 * those of the protocol (zero-based, UTF-16).
 */

/** A request from client to server; `shape` exists for the type checker alone. */
export interface ClientRequest<Parameters, Result> {
  readonly method: string;
  readonly shape?: (parameters: Parameters) => Result;
}

/** A notification, in the direction that its name in this file says. */
export interface Notification<Parameters> {
  readonly method: string;
  readonly shape?: (parameters: Parameters) => void;
}

/** What the client sends with `initialize`. */
export interface InitializationOptions {
  /** Without trust the server reads no sample and connects to nothing. */
  readonly trusted: boolean;
  /** What was chosen by command, as `chooseSample` would say it. */
  readonly chosenSamples: readonly ChosenSample[];
  /** True where the client has the commands of the extension: other editors are not offered what only they can do. */
  readonly hasCommands?: boolean;
  /** In a browser: the work for which a server before this one was ended, as `workBegun` named it. */
  readonly slow?: readonly string[];
}

export interface ChosenSample {
  /** URI of the schema. */
  readonly uri: string;
  /** The NeXus file; null takes the choice back, so that comment and setting hold again. */
  readonly file: string | null;
}

/** Client to server: the workspace has become trusted. */
export const trustGranted: Notification<null> = { method: 'imsc/trustGranted' };

/** Client to server: a sample was chosen for one schema. */
export const chooseSample: Notification<ChosenSample> = { method: 'imsc/chooseSample' };

export interface DocumentParameters {
  /** URI of the schema. */
  readonly uri: string;
}

export interface SampleState {
  /** Null where the schema has no sample. */
  readonly file: string | null;
  readonly state: 'none' | 'ready' | 'unreadable' | 'untrusted';
  /** Why it cannot be read. */
  readonly message?: string;
}

/** The sample in use for a schema, whoever chose it: command, comment or setting. */
export const sample: ClientRequest<DocumentParameters, SampleState> = { method: 'imsc/sample' };

/** Server to client: the sample of this schema has changed, or its content has. */
export const sampleChanged: Notification<DocumentParameters> = { method: 'imsc/sampleChanged' };

export interface SelectedFilesParameters extends DocumentParameters {
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** Those of some files that the selector of a schema takes, in their order; none where the schema is not open. */
export const selectedFiles: ClientRequest<SelectedFilesParameters, readonly string[]> = {
  method: 'imsc/selectedFiles',
};

export interface NexusChildrenParameters {
  readonly file: string;
  /** Absolute path of a group; `/` is the root. */
  readonly path: string;
  readonly offset: number;
  readonly limit: number;
}

export interface NexusChild {
  readonly name: string;
  /** Absolute path in the file, as a schema would write it. */
  readonly path: string;
  readonly kind: 'group' | 'dataset' | 'broken';
  /** The NX_class of a group. */
  readonly nxClass?: string;
  /** Type of a dataset in words, as `float64` or `string`. */
  readonly type?: string;
  /** Empty for a scalar. */
  readonly shape?: readonly number[];
  /** The value type of a variable that holds a dataset as it is; there is none for an image, a record and the like. */
  readonly valueType?: string;
  readonly units?: string;
  /** The value, or its beginning, as text for people. */
  readonly value?: string;
  /** Why it is broken. */
  readonly message?: string;
}

export interface NexusChildren {
  readonly children: readonly NexusChild[];
  /** How many the group has altogether. */
  readonly total: number;
}

/** A page of what is in a group of a NeXus file. */
export const nexusChildren: ClientRequest<NexusChildrenParameters, NexusChildren> = { method: 'imsc/nexusChildren' };

export interface NexusSearchParameters {
  readonly file: string;
  /** Found anywhere in a path, letters of either case. */
  readonly text: string;
  readonly limit: number;
}

export interface NexusSearchResult {
  readonly found: readonly NexusChild[];
  /** Objects of the file that were looked at. */
  readonly searched: number;
  /** True if the file was searched to its end. */
  readonly complete: boolean;
}

/** Objects of a NeXus file by a part of their path. */
export const nexusSearch: ClientRequest<NexusSearchParameters, NexusSearchResult> = { method: 'imsc/nexusSearch' };

export interface ConvertedSchema {
  readonly notation: 'json' | 'yaml';
  readonly text: string;
}

/** The schema in the other notation. */
export const convertNotation: ClientRequest<DocumentParameters, ConvertedSchema> = { method: 'imsc/convertNotation' };

export interface VariableFromPathParameters extends DocumentParameters {
  /** Absolute path in the NeXus file. */
  readonly path: string;
}

export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

export interface PlacedEdit {
  readonly range: { readonly start: TextPosition; readonly end: TextPosition };
  readonly newText: string;
}

/** The edits that define a variable with the value at a path; its name is made from the path. */
export const variableFromPath: ClientRequest<VariableFromPathParameters, readonly PlacedEdit[]> = {
  method: 'imsc/variableFromPath',
};

/** What became of a variable or a field; the texts are ready to be shown. */
export type OutcomeData =
  | {
      readonly state: 'known';
      /** The value as JSON, and as a template prints it. */
      readonly json: string;
      readonly text: string;
      /** Empty for none. */
      readonly unit: string;
      /** What is worth knowing about how it was had; empty mostly. */
      readonly notes: readonly string[];
    }
  | { readonly state: 'failed'; readonly message: string }
  /** It could not be asked: no sample, no connection, only known in a run. */
  | { readonly state: 'unknown'; readonly reason: string };

export interface VariableData {
  readonly name: string;
  /** Undefined for a variable that the ingestor itself defines. */
  readonly position?: TextPosition;
  readonly valueType: string;
  /** True if SciCat has to be asked for it. */
  readonly isFromScicat: boolean;
  readonly outcome: OutcomeData;
}

export interface FieldData {
  readonly machineName: string;
  readonly fieldType?: 'high_level' | 'scientific_metadata';
  /** The `type` that the schema says. */
  readonly valueType?: string;
  readonly position: TextPosition;
  readonly outcome: OutcomeData;
  /** What SciCat will keep besides, converted by itself: `0.0015 m`; absent where that is the same again. */
  readonly stored?: string;
}

export interface EvaluationData {
  /** Version of the document that was evaluated. */
  readonly version: number;
  readonly sample: SampleState;
  readonly variables: readonly VariableData[];
  readonly fields: readonly FieldData[];
  /** Those that SciCat is asked for once the dataset is there; `<pid>` in them is what it will have. */
  readonly jobs: readonly JobData[];
}

/** A job of SciCat's that a schema asks for. */
export interface JobData {
  readonly name: string;
  readonly position: TextPosition;
  readonly outcome: OutcomeData;
}

/** All variables and fields of an open schema with their values in its sample; null for a document that is not open. */
export const evaluation: ClientRequest<DocumentParameters, EvaluationData | null> = { method: 'imsc/evaluation' };

/** One thing that a test of a schema expects. */
export interface Expectation {
  /** As `imsc test --json` has them in `differences`. */
  readonly part: string;
  readonly name: string;
  readonly range: { readonly start: TextPosition; readonly end: TextPosition };
}

/** What an open test of a schema expects, in the order of its text; nothing of what is no test. */
export const expectations: ClientRequest<DocumentParameters, readonly Expectation[]> = { method: 'imsc/expectations' };

export interface RunSchemaTestParameters extends DocumentParameters {
  /** What came out is to be written as what is expected. */
  readonly update: boolean;
}

export interface RanSchemaTest {
  /** What came of it, as `imsc test --json` has each of its `tests`. */
  readonly record: object;
  /** With `update`, the whole new text of the test, if it is another one; nothing is written here. */
  readonly newText?: string;
}

/** Runs a test of a schema, as it lies in its file. Asked in a browser: elsewhere the command line runs tests. */
export const runSchemaTest: ClientRequest<RunSchemaTestParameters, RanSchemaTest> = { method: 'imsc/runSchemaTest' };

export interface CompareSchemasParameters extends DocumentParameters {
  /** The schema as the editor has it. */
  readonly text: string;
  /** What it is compared with: another text of it, or another schema. */
  readonly before: { readonly uri: string; readonly text: string };
  /** Absolute paths of NeXus files. */
  readonly samples: readonly string[];
}

/** What a change of a schema does to the datasets of files, as `imsc diff --json` has it. Asked in a browser alone. */
export const compareSchemas: ClientRequest<CompareSchemasParameters, object> = { method: 'imsc/compareSchemas' };

/** An open schema with all that it imports as one text, in its notation. */
export const mergedSchema: ClientRequest<DocumentParameters, ConvertedSchema> = { method: 'imsc/mergedSchema' };

export interface AskScicatParameters extends DocumentParameters {
  /** Address of the API, as `https://scicat.example.org/api/v3`. */
  readonly address: string;
  /** Sent as a bearer token; kept in memory for this request alone. */
  readonly token?: string;
}

export interface AskScicatResult {
  /** How many of the variables that come from SciCat have a value now. */
  readonly known: number;
  readonly failed: readonly { readonly name: string; readonly message: string }[];
}

/**
 * Asks SciCat for the variables of the source SC: with `askChoices`, and in a browser `signIn` and `whoseToken`, the only
 * message that makes the server talk to SciCat. The answers are used for the schema until it is closed.
 */
export const askScicat: ClientRequest<AskScicatParameters, AskScicatResult> = { method: 'imsc/askScicat' };

export interface AskChoicesParameters {
  /** Address of the API. */
  readonly address: string;
  readonly token?: string | undefined;
}

export interface SignInParameters {
  /** Address of the API. */
  readonly address: string;
  readonly user: string;
  /** Kept in memory for this request alone, and sent to that address. */
  readonly password: string;
  readonly method: 'password' | 'ldap';
}

export interface SignedIn {
  readonly token: string;
  /** ISO 8601; null for a token that does not say. */
  readonly expires: string | null;
}

/** Signs in to a SciCat; rejects with what it said. Asked in a browser: elsewhere the command line does it. */
export const signIn: ClientRequest<SignInParameters, SignedIn> = { method: 'imsc/signIn' };

export interface WhoseTokenParameters {
  readonly address: string;
  readonly token: string;
}

/** Whose token it is, by the SciCat at that address; rejects with what it said. Asked in a browser alone. */
export const whoseToken: ClientRequest<
  WhoseTokenParameters,
  { readonly username: string; readonly expires: string | null }
> = { method: 'imsc/whoseToken' };

/** How many values SciCat has named for each field. */
export type AskChoicesResult = Readonly<Record<string, number>>;

/**
 * Asks SciCat which groups the account is in, and which proposals and samples it may see, to complete them where a
 * person writes metadata. The answers are kept until the next such question.
 */
export const askChoices: ClientRequest<AskChoicesParameters, AskChoicesResult> = { method: 'imsc/askChoices' };

export interface DatasetProblem {
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  /** Undefined where nothing in the schema is to blame. */
  readonly position?: TextPosition;
}

export interface DatasetData {
  /** Version of the document that was evaluated. */
  readonly version: number;
  /** The dataset as it would be posted, as JSON text that keeps `300.0`. */
  readonly json: string;
  /** What is left out and what SciCat would refuse. */
  readonly problems: readonly DatasetProblem[];
}

/** The dataset that an open schema makes of its sample; null for a document that is not open. */
export const datasetOf: ClientRequest<DocumentParameters, DatasetData | null> = { method: 'imsc/dataset' };

export interface NewSchemaParameters {
  readonly file: string;
  /** Absolute paths of datasets in the file; each becomes a variable and an item of the metadata. */
  readonly paths: readonly string[];
  readonly notation: 'json' | 'yaml';
  /** Name of the schema. */
  readonly name: string;
  /** URI that it will have, which tells whose configuration counts. */
  readonly uri?: string;
}

export interface NewSchema extends ConvertedSchema {
  /** The text as a snippet (LSP): what a person has to fill in are its tab stops. */
  readonly snippet: string;
  /** What became of it with the files that lie beside this one: how many were tried, and what one has against it. */
  readonly trial: {
    readonly tried: number;
    readonly passed: number;
    readonly failed?: { readonly file: string; readonly message: string } | undefined;
  };
}

/** A new schema for files like this one, with every field that a dataset must have. */
export const newSchema: ClientRequest<NewSchemaParameters, NewSchema> = { method: 'imsc/newSchema' };

/** A request from server to client, in a browser only: there the client has the files. */
export interface FileRequest<Parameters, Result> {
  readonly method: string;
  readonly shape?: (parameters: Parameters) => Result;
}

/** The bytes of a file. */
export const readFile: FileRequest<DocumentParameters, Uint8Array> = { method: 'imsc/readFile' };

/** Size in bytes, and when it was changed, in milliseconds. */
export const fileState: FileRequest<DocumentParameters, { readonly size: number; readonly mtimeMs: number }> = {
  method: 'imsc/fileState',
};

export interface FilesBelowParameters extends DocumentParameters {
  /** The folders in it are not looked into. */
  readonly onlyItself?: true;
}

/** URIs of the files below a folder, at most some thousands. */
export const filesBelow: FileRequest<FilesBelowParameters, readonly string[]> = { method: 'imsc/filesBelow' };

export interface AskNexusParameters {
  /** As the page that reads it calls it. */
  readonly file: string;
  readonly question: unknown;
}

/** Asks the page that reads a NeXus file; what it answers is between it and the server. */
export const askNexus: FileRequest<AskNexusParameters, unknown> = { method: 'imsc/askNexus' };

/**
 * Server to client, in a browser only: something begins that may take very long, a regular expression for example. The
 * client ends the server, which cannot do it itself, if it is not at an end in time.
 */
export const workBegun: Notification<{ readonly what: string }> = { method: 'imsc/workBegun' };

/** It is at an end. */
export const workEnded: Notification<null> = { method: 'imsc/workEnded' };

/** What the HDF5 library is made of, for the first file that needs it. */
export const libraryParts: FileRequest<void, { readonly glue: Uint8Array; readonly wasm: Uint8Array }> = {
  method: 'imsc/libraryParts',
};

/**
 * In a browser files have addresses of many kinds. All of them have a path of one kind here, whose first part says the
 * scheme and the authority: `/vscode-vfs:github/owner/repository/a.imsc.yml`.
 */
export function browserPath(scheme: string, authority: string, path: string): string {
  return `/${scheme}:${authority}${path}`;
}

/** What `browserPath` has put together. */
export function partsOfBrowserPath(file: string): { scheme: string; authority: string; path: string } {
  const [, scheme = 'file', authority = '', path = file] = /^\/([a-z][a-z0-9+.-]*):([^/]*)(\/.*)?$/.exec(file) ?? [];
  return { scheme, authority, path: path === '' ? '/' : path };
}
