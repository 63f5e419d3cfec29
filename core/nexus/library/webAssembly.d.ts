/** What is used of WebAssembly: its types come with the DOM's, which this project does without. */
declare namespace WebAssembly {
  type Exports = Readonly<Record<string, unknown>>;
  type Imports = Record<string, Record<string, unknown>>;
  class Module {
    private readonly compiled: unknown;
  }
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
  class Instance {
    readonly exports: Exports;
    constructor(module: Module, imports?: Imports);
  }
  class RuntimeError extends Error {}
}
