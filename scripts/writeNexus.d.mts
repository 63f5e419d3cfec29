/** See writeNexus.mjs. */
export interface NexusItem {
  readonly path: string;
  readonly kind: 'group' | 'dataset' | 'softlink' | 'hardlink' | 'external';
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly track_order?: boolean;
  readonly dtype?: string;
  readonly shape?: readonly number[];
  readonly value?: unknown;
  readonly chunks?: readonly number[];
  readonly maxshape?: readonly (number | null)[];
  readonly compression?: string;
  readonly target?: string;
  readonly file?: string;
}

export function writeNexus(path: string, items: readonly NexusItem[]): Promise<void>;
export function manyNodes(groups: number, perGroup: number): NexusItem[];
