import type { Hdf5Metadata, Hdf5TypeInfo } from '../../../node_modules/h5wasm/dist/node/hdf5_util.js';
import { attributesOf } from '../../hdf5/objects/attributes.ts';
import { decodeName } from '../../hdf5/cursor.ts';
import { readDatatype } from '../../hdf5/objects/datatype.ts';
import { FormatError } from '../../hdf5/formatError.ts';
import { findMessage, messageTypes, readObject } from '../../hdf5/objects/objectHeader.ts';
import type { StoredObject } from '../../hdf5/objects/objectHeader.ts';
import type { StoredType } from '../../hdf5/values/storedType.ts';
import type { Hdf5 } from '../library/h5wasm.ts';
import { storedType } from '../library/libraryType.ts';
import type { DiskFiles } from './diskFiles.ts';
import type { Place } from './linkedFiles.ts';
import type { Reach } from './reach.ts';

/**
 * What the library does not tell of objects and is read from the files' own structures: the layout of numbers, and where
 * values lie.
 */
export class StoredFiles {
  readonly #hdf5: Hdf5;
  readonly #reach: Reach;
  readonly #disk: DiskFiles;

  constructor(hdf5: Hdf5, reach: Reach, disk: DiskFiles) {
    this.#hdf5 = hdf5;
    this.#reach = reach;
    this.#disk = disk;
  }

  /** @throws FormatError for what cannot be found or understood */
  object(place: Place, path: string): StoredObject {
    const address = this.address(place);
    if (address === undefined) throw new FormatError('it cannot be found in its file');
    return readObject(this.#disk.open(path).format, address);
  }

  /** Where the object's header lies in its file. */
  address(place: Place): number | undefined {
    const found = this.#hdf5.attempt(this.#reach, (module) => module.create_object_reference(place.file, place.path));
    if (!found.ok) return undefined;
    return found.value.reduceRight((value, byte) => value * 256 + byte, 0);
  }
}

/** The type of a dataset. @throws FormatError */
export function datasetType(info: Hdf5Metadata, object: StoredObject): StoredType {
  const message = findMessage(object, messageTypes.datatype);
  if (message === undefined) throw new FormatError('there is no type');
  return storedType(info, readDatatype(message.cursor()));
}

/** What an object's header tells of its attributes. */
export interface StoredAttributes {
  /** In the order in which they are told. */
  readonly names: readonly string[];
  /** The type of one of them, which the library told `info` of. @throws FormatError */
  readonly type: (info: Hdf5TypeInfo, name: string) => StoredType;
}

/** @throws FormatError */
export function storedAttributes(object: StoredObject): StoredAttributes {
  const attributes = new Map(attributesOf(object).map((attribute) => [decodeName(attribute.name), attribute]));
  return {
    names: [...attributes.keys()],
    type: (info, name) => {
      const attribute = attributes.get(name);
      if (attribute === undefined) throw new FormatError('the attribute is not where it should be');
      return storedType(info, attribute.type());
    },
  };
}
