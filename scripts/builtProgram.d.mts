/** The folder of the project. */
export const root: string;

/** Path of the built command line. */
export const imsc: string;

/**
 * Builds dist/ if it is missing or stale.
 * @returns whether it had to
 * @throws an error if the build fails
 */
export function buildIfStale(): boolean;
