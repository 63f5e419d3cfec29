import { open } from 'node:fs/promises';
import { unreadableFile } from '../files/fileError.ts';

/** A kind of archive, told by the content alone. */
export type ArchiveFormat = 'zip' | 'tar' | 'gzip' | '7z' | 'bzip2' | 'xz' | 'zstd' | 'rar';

const signatures: readonly (readonly [ArchiveFormat, readonly number[]])[] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  // An archive without a member is only its end.
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['gzip', [0x1f, 0x8b]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
];

/** Bytes of a tar's header, and of what all of it is made of. */
export const tarBlock = 512;
const checksumAt = 148;

/** Whether 512 bytes are the header of a tar: its checksum counts itself as blanks. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < tarBlock) return false;
  const told = Number.parseInt(
    Buffer.from(block.subarray(checksumAt, checksumAt + 8))
      .toString('latin1')
      .trim(),
    8,
  );
  let sum = 0;
  for (let index = 0; index < tarBlock; index += 1)
    sum += index >= checksumAt && index < checksumAt + 8 ? 0x20 : (block[index] ?? 0);
  return sum === told;
}

/** The format that the first bytes of a file are of, or undefined if they are of none. */
function formatOf(head: Uint8Array): ArchiveFormat | undefined {
  const found = signatures.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
  return found?.[0] ?? (isTarHeader(head) ? 'tar' : undefined);
}

/**
 * The format of a file, or undefined if it is not an archive.
 * @throws FileError `file-unreadable`
 */
export async function archiveFormat(file: string): Promise<ArchiveFormat | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const head = Buffer.alloc(tarBlock);
      const { bytesRead } = await handle.read(head, 0, tarBlock, 0);
      return formatOf(head.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadableFile(file, error);
  }
}

/** Documents, tables and programs that are a zip inside, and that nobody calls an archive. */
const documents =
  /\.(docx|docm|dotx|xlsx|xlsm|xltx|pptx|pptm|potx|ppsx|vsdx|odt|ods|odp|odg|odf|ott|ots|otp|epub|jar|war|apk|xpi|vsix|whl|npz|kmz|3mf|idml|sketch|mlx|mlapp|slx)$/i;
/** What an archive is called. */
const archives = /\.(zip|tar|tgz|tar\.gz|gz|7z)$/i;

/**
 * Whether a file that lies among others is to be unpacked: it is called an archive, or is one by its content.
 * @throws FileError `file-unreadable`
 */
export async function isAmongArchives(file: string): Promise<boolean> {
  if (documents.test(file)) return false;
  return archives.test(file) || (await archiveFormat(file)) !== undefined;
}
