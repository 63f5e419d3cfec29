/** What a person or a program wants to have ingested: plain data, as it is recorded. Never a token. */
export interface JobRequest {
  /** Absolute path of the data file. */
  readonly dataFile: string;
  /** Further files and folders that belong to the dataset, as they were named. */
  readonly include: readonly string[];
  /** The message that announced the data file. */
  readonly messageFile?: string | undefined;
  /** A schema to use without asking the selectors. */
  readonly schemaFile?: string | undefined;
  readonly configFile?: string | undefined;
  /** Address of SciCat. */
  readonly host: string;
  /** Fields of the dataset that are given and stand above what the schema makes. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly options: {
    /** It ends before anything is sent. */
    readonly dryRun: boolean;
  };
}
