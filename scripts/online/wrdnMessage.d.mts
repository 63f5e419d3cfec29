export function wrdnMessage(fileName: string, jobId?: string): Uint8Array;
