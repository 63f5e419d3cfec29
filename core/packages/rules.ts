/** What a rule of packages says, and how bad it is to break it. */
export interface PackageRule {
  readonly severity: 'error' | 'warning';
  /** What is wrong, in general. */
  readonly summary: string;
}

/**
 * What can be wrong with a bag or an archive, by its code. `duplicate` is an error in bags of version 1.0 and where two
 * digests differ, a warning otherwise. Bags: RFC 8493 and the drafts before it.
 */
export const packageRules = {
  declaration: { severity: 'error', summary: 'bagit.txt is missing or does not have its two lines' },
  encoding: { severity: 'error', summary: 'The tag files are not in the encoding that bagit.txt names' },
  'no-data-folder': { severity: 'error', summary: 'There is no folder data' },
  'no-manifest': { severity: 'error', summary: 'There is no manifest of the payload' },
  'manifest-line': { severity: 'error', summary: 'A line of a manifest is not a digest and a path' },
  path: { severity: 'error', summary: 'A path leads out of the package, or is written as no path of it may be' },
  missing: { severity: 'error', summary: 'A listed file is not there' },
  unlisted: { severity: 'error', summary: 'A file of the payload is not listed' },
  duplicate: { severity: 'error', summary: 'A file is listed, or packed, twice' },
  'manifests-disagree': { severity: 'error', summary: 'A file is listed by one manifest and not by another' },
  checksum: { severity: 'error', summary: 'The content is not what its checksum says' },
  'tag-manifest': { severity: 'error', summary: 'A tag manifest lists what is not a tag file' },
  oxum: { severity: 'error', summary: 'Size or number of the files of the payload are not what Payload-Oxum says' },
  fetch: { severity: 'error', summary: 'fetch.txt names files that are not here; nothing is ever fetched' },
  'bag-info': { severity: 'error', summary: 'bag-info.txt cannot be read' },
  symlink: { severity: 'error', summary: 'A symbolic link stands where a file is expected' },
  metadata: { severity: 'error', summary: 'The file that describes the content says what cannot be' },
  'special-file': { severity: 'error', summary: 'A device, a pipe or a socket stands where a file is expected' },
  algorithm: { severity: 'error', summary: 'The checksums are of a kind that is not known, or not accepted here' },
  'weak-algorithm': { severity: 'warning', summary: 'All checksums are of a kind that can be forged' },
  'misspelled-manifest': { severity: 'warning', summary: 'A manifest is named alder32, and adler32 is meant' },
  case: { severity: 'warning', summary: 'Two names differ in capital and small letters alone' },
  normalization: { severity: 'warning', summary: 'A name is written with other, equivalent characters' },
  'md5sum-mark': { severity: 'warning', summary: 'Lines are marked as md5sum marks binary files' },
  'dot-slash': { severity: 'warning', summary: 'Paths begin with ./' },
  'system-file': { severity: 'warning', summary: 'A file that a system made for itself is part of the payload' },
  'unportable-name': { severity: 'warning', summary: 'A name cannot be used on every system' },
  link: { severity: 'error', summary: 'The archive holds a hard link' },
  damaged: { severity: 'error', summary: 'The archive is damaged or cut off' },
  'unknown-format': { severity: 'error', summary: 'The file is not an archive of a known kind' },
  'unsupported-format': { severity: 'error', summary: 'Archives of this kind cannot be unpacked here' },
  encrypted: { severity: 'error', summary: 'The archive is encrypted' },
  limit: { severity: 'error', summary: 'The archive holds more than is allowed' },
  empty: { severity: 'error', summary: 'The archive holds nothing' },
} as const satisfies Record<string, PackageRule>;

export type PackageCode = keyof typeof packageRules;

/** One thing that is wrong with a package. */
export interface Finding {
  readonly code: PackageCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Path inside of the package that it is about. */
  readonly file?: string;
  /** Line of that file, and where something is that has one, column in it; from one. */
  readonly line?: number;
  readonly column?: number;
}

/** A finding with the severity that the table gives its code. */
export function finding(
  code: PackageCode,
  message: string,
  more: Partial<Omit<Finding, 'code' | 'message'>> = {},
): Finding {
  return { code, severity: packageRules[code].severity, message, ...more };
}
