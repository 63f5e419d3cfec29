/**
 * What work on data of others may cost: files, schemas and answers that somebody else has written may be damaged, or
 * made to do harm. Whatever reads them takes its limit from here; docs/limits.md says what happens beyond it.
 */
export const budget = {
  /** Reading a NeXus file. */
  nexus: {
    /** Milliseconds for one answer of the HDF5 library in the thread that also takes signals and writes messages. */
    answerHereMs: 1_500,
    /** Milliseconds for one answer in the thread of the language server, between what it does for the editor. */
    answerBetweenMs: 15,
    /** Milliseconds for one answer in a thread of its own; beyond, the file counts as damaged until it changes. */
    answerMs: 10_000,
    /** Bytes of a file that a browser takes as a whole; 100 MB take 2.5 s to get there. */
    wholeFile: 100_000_000,
    /** Bytes of all such files that are kept. */
    wholeFiles: 200_000_000,
    /** Bytes of memory of the HDF5 library. */
    memory: 1_000_000_000,
  },
  /** Milliseconds in which the wildcards of one path look at names; few, because the thread waits. */
  wildcardMs: 200,
  /** Milliseconds for the regular expression of an operator on one text. */
  patternMs: 200,
  /** Characters of a unit; longer texts are none. */
  unitText: 200,
  /** Milliseconds for a filter in the sandbox. */
  sandboxFilterMs: 1_000,
  /** Values of variables and fields. */
  values: {
    /** Characters, numbers and other items in one value, all that is inside of it counted. */
    size: 4_000_000,
    /** The same in all values of one schema together, each as it is filled in and as its operator and type make it. */
    total: 64_000_000,
  },
  /** Levels of lists and objects inside of a value that a person or a deposit gives. */
  givenDepth: 100,
  /** Bytes of a text file: a schema, a configuration, a test of schemas, a message, a token. */
  textFile: 4_000_000,
  /** Characters of a schema that are kept while others are asked; of larger ones no more than the selector. */
  schemaKept: 100_000,
  /** Characters of all schemas that a process keeps as it has understood them. */
  schemasUnderstood: 1_000_000,
  /** Bytes of all schema files of a folder together. */
  schemasFolder: 64_000_000,
  /** What one schema imports: no schema that anybody has written does so much. */
  imports: {
    schemas: 50,
    /** Of all of them together. */
    characters: 2_000_000,
    /** Looks for an id: by more and more ways, a few schemas can import each other without an end. */
    looks: 1_000,
  },
  /** Bytes of an answer of SciCat, after decompression. */
  answer: 64_000_000,
  kafka: {
    /** Bytes of a message about a file, also of RabbitMQ; of larger ones no more than the beginning is kept. */
    message: 16_000_000,
    /** Bytes of messages that come together, decompressed. */
    batch: 64_000_000,
    /** Jobs that wait; beyond, no message is taken until some are done. */
    waiting: 20_000,
  },
  /** Files that are watched at once: each costs a few hundred bytes of memory, and a look at its size now and then. */
  watchedFiles: 500_000,
  listing: {
    /** Names in a folder of a location that are looked at for one listing; the rest is said to be left out. */
    names: 50_000,
    /** Of them shown at once. */
    page: 1_000,
  },
  /** Bags and archives. */
  packages: {
    /** Bytes of a tag file of a bag: the manifest of about a million files. */
    tagFile: 256_000_000,
    /** Members of an archive. */
    entries: 100_000,
    /** Bytes of all members together; never more than half of what is free on the disk. */
    bytes: 100_000_000_000,
    /** Bytes unpacked for each byte of the archive, asked beyond `ratioFrom` bytes. */
    ratio: 200,
    ratioFrom: 10_000_000,
    /** Archives inside of archives. */
    depth: 5,
    /** Bytes of a 7z, which is read into the memory as a whole. */
    sevenZip: 1_000_000_000,
    /** Files of an upload that are sent one by one. */
    uploadedFiles: 1_000,
    /** Bytes of an Atom entry. */
    atomEntry: 1_000_000,
    /** Elements inside of elements of it. */
    atomDepth: 100,
  },
} as const;

/** Bytes as a person reads them: `4 MB`. */
export function megabytes(bytes: number): string {
  return `${Number((bytes / 1e6).toPrecision(3))} MB`;
}
