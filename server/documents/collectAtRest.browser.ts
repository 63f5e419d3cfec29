import type * as collect from './collectAtRest.ts';

/** A browser collects its garbage when it likes. */
export const collectAtRest: typeof collect.collectAtRest = () => undefined;
