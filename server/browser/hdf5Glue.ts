import createModule from '../../node_modules/h5wasm/dist/node/hdf5_util.js';

/** What speaks with the WebAssembly of the HDF5 library: a program of its own, which few files need. */
Object.assign(self, { imscHdf5: createModule });
