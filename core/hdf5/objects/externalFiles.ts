import type { Cursor } from '../cursor.ts';
import type { FormatFile } from '../formatFile.ts';
import { LocalHeap } from '../structures/localHeap.ts';

/**
 * Names of the files that hold the bytes of a dataset (format specification IV.A.2.h "The Data Storage - External Data
 * Files Message").
 * @throws FormatError
 */
export function readExternalFiles(file: FormatFile, cursor: Cursor): string[] {
  cursor.version(1, 'a list of external files');
  cursor.skip(3);
  cursor.skip(2);
  const used = cursor.u16();
  const names = new LocalHeap(file, cursor.place());
  return Array.from({ length: used }, () => {
    const name = names.text(cursor.length());
    cursor.length();
    cursor.length();
    return name;
  });
}
