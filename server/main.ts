import { requireCompiled } from '../core/files/compiledCode.ts';

/** The program, with what V8 has compiled of it already. */
requireCompiled('../later/stdioServer.cjs');
