import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Hdf5Metadata, Hdf5TypeInfo } from '../../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { attributeTypes } from '../../hdf5/attributes.ts';
import { FormatError } from '../../hdf5/cursor.ts';
import { readDatatype } from '../../hdf5/datatype.ts';
import { FormatFile } from '../../hdf5/formatFile.ts';
import { messageBody, messageTypes, readMessages } from '../../hdf5/objectHeader.ts';
import type { Message } from '../../hdf5/objectHeader.ts';
import type { Hdf5 } from '../library/h5wasm.ts';
import type { Place } from './linkedFiles.ts';
import type { Reach } from './reach.ts';
import { storedType } from '../values/storedType.ts';
import type { StoredType } from '../values/storedType.ts';

/** An object as its file describes it. */
export interface StoredObject {
  readonly file: FormatFile;
  /** Where its header lies: what it is, under whatever name. */
  readonly address: number;
  readonly messages: readonly Message[];
}

/**
 * What the library does not tell of objects and is read from the files' own structures: the layout of numbers, and where
 * values lie.
 */
export class StoredFiles {
  readonly #hdf5: Hdf5;
  readonly #reach: Reach;
  readonly #open = new Map<string, { readonly descriptor: number; readonly file: FormatFile }>();

  constructor(hdf5: Hdf5, reach: Reach) {
    this.#hdf5 = hdf5;
    this.#reach = reach;
  }

  close(): void {
    for (const { descriptor } of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }

  /** @throws FormatError for what cannot be found or understood */
  object(place: Place, path: string): StoredObject {
    const address = this.address(place);
    if (address === undefined) throw new FormatError('it cannot be found in its file');
    const file = this.#formatOf(path);
    return { file, address, messages: readMessages(file, address) };
  }

  /** Where the object's header lies in its file. */
  address(place: Place): number | undefined {
    const found = this.#hdf5.attempt(this.#reach, (module) => module.create_object_reference(place.file, place.path));
    if (!found.ok) return undefined;
    return found.value.reduceRight((value, byte) => value * 256 + byte, 0);
  }

  #formatOf(path: string): FormatFile {
    const known = this.#open.get(path);
    if (known !== undefined) return known.file;
    let descriptor: number;
    try {
      descriptor = openSync(path, 'r');
    } catch (error) {
      throw new FormatError(error instanceof Error ? error.message : String(error));
    }
    const readAt = (position: number, length: number): Uint8Array => {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, position));
    };
    try {
      const file = new FormatFile(readAt, statSync(path).size);
      this.#open.set(path, { descriptor, file });
      return file;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }
}

/** The type of a dataset. @throws FormatError */
export function datasetType(info: Hdf5Metadata, { file, messages }: StoredObject): StoredType {
  const message = messages.find(({ type }) => type === messageTypes.datatype);
  if (message === undefined) throw new FormatError('there is no type');
  return storedType(info, readDatatype(file.cursor(messageBody(file, message))));
}

/** The types of an object's attributes. @throws FormatError, also from what it gives */
export function storedAttributeTypes({
  file,
  messages,
}: StoredObject): (info: Hdf5TypeInfo, name: string) => StoredType {
  const types = attributeTypes(file, messages);
  return (info, name) => {
    const type = types.get(name);
    if (type === undefined) throw new FormatError('the attribute is not where it should be');
    return storedType(info, type());
  };
}
