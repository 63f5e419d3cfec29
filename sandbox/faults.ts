/** What can go wrong with a request. */
export type FaultKind =
  /** The answer comes late; what was asked is done at once. */
  | 'latency'
  /** 500, and nothing was done. */
  | 'error-before'
  /** 500, although it was done. */
  | 'error-after'
  /** 429 with Retry-After, and nothing was done. */
  | 'rate-limit'
  /** A web page of a proxy, and nothing was done. */
  | 'proxy-html'
  /** The connection breaks before anything was done. */
  | 'reset-before'
  /** The connection breaks although it was done. */
  | 'reset-after'
  /** The answer ends in the middle, although it was done. */
  | 'cut'
  /** From this request on, every token that was issued so far is expired. */
  | 'expire-tokens';

export interface Fault {
  readonly kind: FaultKind;
  /** Any if absent. */
  readonly method?: string;
  /** Part of the path, in lower case; any if absent. */
  readonly path?: string;
  /** Which of the matching requests is hit first, counted from 1 since the fault was set. */
  readonly nth?: number;
  /** How many requests in a row are hit; 1 if absent. */
  readonly times?: number;
  /** For `latency`. */
  readonly milliseconds?: number;
  /** For `rate-limit`. */
  readonly retryAfterSeconds?: number;
  /** For `proxy-html`; 502 if absent. */
  readonly status?: number;
}

/** The faults of one sandbox; can be set at any time. */
export class Faults {
  private set: { readonly fault: Fault; seen: number }[];
  private readonly hits: Fault[] = [];

  constructor(faults: readonly Fault[] = []) {
    this.set = faults.map((fault) => ({ fault, seen: 0 }));
  }

  add(fault: Fault): void {
    this.set.push({ fault, seen: 0 });
  }

  clear(): void {
    this.set = [];
  }

  /** Those that have struck, in order. */
  get struck(): readonly Fault[] {
    return this.hits;
  }

  /** The faults that strike this request. */
  take(method: string, path: string): Fault[] {
    const now: Fault[] = [];
    for (const item of this.set) {
      const { fault } = item;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (fault.path !== undefined && !path.toLowerCase().includes(fault.path)) continue;
      item.seen += 1;
      const first = fault.nth ?? 1;
      if (item.seen >= first && item.seen < first + (fault.times ?? 1)) now.push(fault);
    }
    this.hits.push(...now);
    return now;
  }
}
