export function findOnPath(names: readonly string[]): string | undefined;
export function installDebianPackages(packages: readonly string[], say?: (text: string) => void): string[];
