import type { Protocol } from './protocol.ts';
import { arkivum } from './protocols/arkivum/arkivum.ts';
import { openem } from './protocols/openem/openem.ts';
import { sword } from './protocols/sword/sword.ts';
import { native } from './protocols/native/native.ts';

/** Every protocol that the service speaks: paths, who is let in, and what its lines at the start say are made of this. */
export const protocols: readonly Protocol[] = [openem, arkivum, sword, native];
