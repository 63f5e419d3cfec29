import type * as quickCompiler from './quickCompiler.ts';

/** A page cannot choose. */
export const chooseCompiler: typeof quickCompiler.chooseCompiler = () => undefined;
