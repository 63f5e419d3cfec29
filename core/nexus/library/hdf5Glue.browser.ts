import type * as glue from './hdf5Glue.ts';
import { libraryDisk } from './libraryDisk.browser.ts';
import { libraryParts } from './libraryParts.ts';

type CreateModule = typeof glue.createModule;

/** What a thread of a browser has; the program that is loaded leaves there how the library is made. */
declare const self: {
  importScripts(address: string): void;
  imscHdf5?: (options: Parameters<CreateModule>[0] & { readonly disk: typeof libraryDisk }) => ReturnType<CreateModule>;
};

export const createModule: CreateModule = async (options) => {
  const { glue } = await libraryParts();
  if (self.imscHdf5 === undefined) {
    const address = URL.createObjectURL(new Blob([glue], { type: 'text/javascript' }));
    self.importScripts(address);
    URL.revokeObjectURL(address);
  }
  if (self.imscHdf5 === undefined) throw new Error('The HDF5 library was not loaded');
  return self.imscHdf5({ ...options, disk: libraryDisk });
};
