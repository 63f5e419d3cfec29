const words: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  EBUSY: 'it is in use',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reported an error',
};

/** The `code` of a failure of the operating system, such as ENOENT. */
export function failureCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Why a file could not be read or written, in words for a person: no path, no name of a system call. */
export function failureReason(error: unknown): string {
  const code = failureCode(error);
  return (
    (code === undefined ? undefined : words[code]) ?? (error instanceof Error ? error.message : 'the reason is unknown')
  );
}
