export function jobIdOf(number: number): string;
export function fileOf(folder: string, number: number): string;
export function writeRun(folder: string, number: number): string;
