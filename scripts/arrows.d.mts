import type { Linter } from 'eslint';

export const rooms: Readonly<Record<string, readonly string[]>>;
export const faces: Readonly<Record<string, readonly string[]>>;
/** Rooms that also run in a browser. */
export const browserRooms: readonly string[];
export const arrowRules: readonly Linter.Config[];
