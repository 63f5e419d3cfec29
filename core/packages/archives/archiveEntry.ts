/** One member of an archive, as its format says. Nothing of it has been looked at for safety yet. */
export interface ArchiveEntry {
  /** With slashes; a folder's without the one at its end. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'symlink' | 'link' | 'special';
  /** Bytes of its content as the archive declares them; undefined where the format does not say. */
  readonly size: number | undefined;
  /** Whether its owner may run it, where the archive says so; it is part of what identifies a content (SWHID). */
  readonly isExecutable?: boolean | undefined;
  /**
   * The content; it must be read before the next member is asked for.
   * @throws PackageError when it is read and is damaged, or does not match its checksum
   */
  readonly open: () => Promise<AsyncIterable<unknown> | Iterable<unknown>>;
}
