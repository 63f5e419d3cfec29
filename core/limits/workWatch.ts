/** Who ends this thread where work in it takes too long: told of each, before and after. */
export interface WorkWatch {
  readonly begun: (what: string) => void;
  readonly ended: () => void;
}

let watch: WorkWatch | undefined;
const slow = new Set<string>();

export function workWatch(): WorkWatch | undefined {
  return watch;
}

/** Says who watches, before work begins. */
export function watchWork(by: WorkWatch): void {
  watch = by;
}

/** What a thread before this one was ended for. */
export function knowSlow(works: readonly string[]): void {
  for (const what of works) slow.add(what);
}

export function isKnownSlow(what: string): boolean {
  return slow.has(what);
}
