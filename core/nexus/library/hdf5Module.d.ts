/** The part of h5wasm's low-level module that is used here, as its C++ source has it (h5wasm 0.10). */
declare module '*/h5wasm/dist/node/hdf5_util.js' {
  interface Hdf5TypeInfo {
    /** H5T_class_t */
    readonly type: number;
    readonly size: number;
    readonly signed: boolean;
    /** True for variable-length strings only. */
    readonly vlen: boolean;
    readonly littleEndian: boolean;
    /** H5T_str_t: 0 null-terminated, 1 null-padded, 2 space-padded. */
    readonly strpad?: number;
    readonly compound_type?: { readonly members: readonly Hdf5Member[] };
    readonly array_type?: Hdf5TypeInfo & { readonly shape: readonly number[] };
    readonly vlen_type?: Hdf5TypeInfo;
    readonly enum_type?: { readonly members: Readonly<Record<string, number>> };
  }
  interface Hdf5Member extends Hdf5TypeInfo {
    readonly name: string;
    readonly offset: number;
  }
  interface Hdf5Metadata extends Hdf5TypeInfo {
    readonly shape: readonly number[] | null;
    /** 2^64 - 1 for without an end. */
    readonly maxshape: readonly number[] | null;
  }
  interface Hdf5Module {
    HEAPU8: Uint8Array;
    FS: {
      /** With the descriptor of Node. */
      open(path: string, flags: number, mode?: number): { fd: number; nfd?: number };
      fstat(fd: number): { size: number };
      read(
        stream: { fd: number; nfd?: number; path?: string },
        buffer: Uint8Array,
        offset: number,
        length: number,
        position?: number,
      ): number;
      write(stream: { fd: number }, buffer: Uint8Array, offset: number, length: number, position?: number): number;
    };
    _malloc(size: number): number;
    _free(pointer: number): void;
    open(path: string, mode: number, trackOrder: boolean, libverLow: number, libverHigh: number): bigint;
    close_file(file: bigint): number;
    insert_plugin_search_path(folder: string, index: number): number;
    /** Eight bytes: where the object's header lies. */
    create_object_reference(file: bigint, path: string): number[];
    get_names(file: bigint, path: string, recursive: boolean): string[];
    get_type(file: bigint, path: string): number;
    get_symbolic_link(file: bigint, path: string): string | null;
    get_external_link(file: bigint, path: string): { filename?: string; obj_path?: string };
    get_attribute_names(file: bigint, path: string): string[];
    get_attribute_metadata(file: bigint, path: string, name: string): Hdf5Metadata;
    get_attribute_data(file: bigint, path: string, name: string, pointer: bigint): number;
    get_dataset_metadata(file: bigint, path: string): Hdf5Metadata;
    get_dataset_data(
      file: bigint,
      path: string,
      count: bigint[] | null,
      offset: bigint[] | null,
      strides: bigint[] | null,
      pointer: bigint,
    ): number;
  }
  interface ModuleOptions {
    noInitialRun: boolean;
    printErr: (text: string) => void;
    instantiateWasm: (
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ) => void;
  }
  export type { Hdf5Member, Hdf5Metadata, Hdf5Module, Hdf5TypeInfo };
  export default function createModule(options: ModuleOptions): Promise<Hdf5Module>;
}
