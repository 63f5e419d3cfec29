/** What is asked of a measurement: an amount, or a proportion of the peer's. */
export type Target =
  | { readonly atMost: number }
  /** ours / peer */
  | { readonly ratioAtMost: number }
  | { readonly ratioAtLeast: number };

export interface Row {
  readonly area: string;
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** A text says why there is none. */
  readonly peer?: { readonly name: string; readonly value: number } | string;
  readonly target?: Target;
}

export function ratioOf({ ours, peer }: Row): number | undefined {
  return typeof peer === 'object' ? ours / peer.value : undefined;
}

/** Undefined without a target, and where the peer is absent that it speaks of. */
export function isMet(row: Row): boolean | undefined {
  const { target, ours } = row;
  const ratio = ratioOf(row);
  if (!target) return undefined;
  if ('atMost' in target) return ours <= target.atMost;
  if (ratio === undefined) return undefined;
  return 'ratioAtMost' in target ? ratio <= target.ratioAtMost : ratio >= target.ratioAtLeast;
}

/** Rows of one area as a Markdown table. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const ratio = ratioOf(row);
    const met = isMet(row);
    return [
      row.what,
      `${amount(row.ours)} ${row.unit}`,
      typeof row.peer === 'object' ? `${amount(row.peer.value)} ${row.unit} (${row.peer.name})` : (row.peer ?? '–'),
      ratio === undefined ? '–' : ratio.toFixed(2),
      targetText(row),
      met === undefined ? '–' : met ? 'met' : '**missed**',
    ];
  });
  const head = ['what', 'ours', 'peer', 'ratio', 'target', ''];
  const widths = head.map((title, column) =>
    Math.max(title.length, 3, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

function targetText({ target, unit }: Row): string {
  if (!target) return '–';
  if ('atMost' in target) return `≤ ${target.atMost} ${unit}`;
  return 'ratioAtMost' in target ? `≤ ${target.ratioAtMost} ×` : `≥ ${target.ratioAtLeast} ×`;
}

function amount(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
