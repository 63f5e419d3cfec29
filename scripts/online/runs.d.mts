export function jobIdOf(number: number): string;
export function writeRun(folder: string, number: number): string;
