import type { Linter } from 'eslint';

export const rooms: Readonly<Record<string, readonly string[]>>;
export const faces: Readonly<Record<string, readonly string[]>>;
export const arrowRules: readonly Linter.Config[];
