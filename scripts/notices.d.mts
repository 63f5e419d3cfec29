/** See notices.mjs. */
export const inventoryName: string;
export const noticesName: string;
export function writeNotices(metafiles: readonly object[], outdir: string): void;
