'load later';

/** The JavaScript of the HDF5 library: 140 kB that few files need. */
export { default as createModule } from '../../../node_modules/h5wasm/dist/node/hdf5_util.js';
