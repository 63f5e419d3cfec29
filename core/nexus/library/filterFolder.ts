import { fileURLToPath } from 'node:url';

/**
 * The folder of a plug-in that reads a filter; undefined where it is not shipped. In a bundle, scripts/h5wasmPlugin.mjs puts a version in the place of
 * this file for which each plug-in lies in a folder of its own, so that the library loads no other on its search.
 */
export const filterFolder: (plugin: string) => string | undefined = () =>
  fileURLToPath(new URL('../../../node_modules/h5wasm-plugins/plugins/', import.meta.url));
