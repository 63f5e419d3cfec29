import { NexusError } from '../model.ts';
import type * as libraryFile from './libraryFile.ts';

/** The HDF5 library is not loaded in a browser. */
export const openLibraryFile: typeof libraryFile.openLibraryFile = (path) =>
  Promise.reject(
    new NexusError(
      'unreadable-data',
      `${path} holds this in a way that is read on the desktop only, by the HDF5 library.`,
    ),
  );
