/** Done, planned or already present; failed; wrong usage or configuration. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
