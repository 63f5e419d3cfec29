/** What a person or a program wants to have ingested: plain data, as it is recorded. Never a token. */
export interface JobRequest {
  /** Absolute path of the data file, where one is named. */
  readonly dataFile?: string | undefined;
  /** Absolute path of a folder, an archive, or a file that is one dataset; else the parts are. */
  readonly folder?: string | undefined;
  /** The folder must lie below this one, by whatever links. */
  readonly within?: string | undefined;
  /** The folder as others see it, where that is another path: `sourceFolder` begins with it instead of `within`. */
  readonly publishedAs?: string | undefined;
  /** Names of the data file in a folder, as a glob. */
  readonly dataFilePattern?: string | undefined;
  /** Further files and folders that belong to the dataset, as they were named. */
  readonly include: readonly string[];
  /** The message that announced the data file. */
  readonly messageFile?: string | undefined;
  /** A file with metadata that lies among the data, and is not one of them. */
  readonly metadataFile?: string | undefined;
  /** Absolute paths of files that may lie among the data, and are none of them. */
  readonly leftOut?: readonly string[] | undefined;
  /** A schema to use without asking the selectors. */
  readonly schemaFile?: string | undefined;
  readonly configFile?: string | undefined;
  /** Address of SciCat. */
  readonly host: string;
  readonly options: JobOptions;
}

export interface JobOptions {
  /** It ends before anything is sent. */
  readonly dryRun: boolean;
  /** The folder or the part is an archive; whatever is wrong with it ends the job. */
  readonly isArchive?: boolean | undefined;
  /** An archive that holds nothing but another one is refused, as archives of software do. */
  readonly refusesNested?: boolean | undefined;
  /** Archives among the files are unpacked, as far as they can be. */
  readonly unpack?: boolean | undefined;
  /** A person must agree before anything is sent. */
  readonly needsApproval?: boolean | undefined;
  /** SciCat is written to with the token of the one who asks, not with that of the configuration. */
  readonly ownToken?: boolean | undefined;
  /** The data are copied to this folder first, which becomes `sourceFolder`. */
  readonly copyTo?: string | undefined;
  /** Name of the folder in `copyTo` that an archive is unpacked into; what others put there is called otherwise. */
  readonly unpackAs?: string | undefined;
  /** SciCat is asked to archive the dataset, once it is there. */
  readonly archives?: boolean | undefined;
  /** The identifier of the content (SWHID) is wanted. */
  readonly swhid?: boolean | undefined;
  /** Only with warnings by default: checksums that can be forged. */
  readonly strictChecksums?: boolean | undefined;
  /** What a protocol has to remember of the request, and nobody else uses. */
  readonly protocol?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}
