/** What every benchmark returns, and how it is printed: two sides measured in turn within one run. */

export interface Figure {
  readonly name: string;
  /** What the other side is, for instance `terraform_data`. */
  readonly baseline: string;
  /** Empty: a count. */
  readonly unit: 'ms' | 's' | '1/s' | 'MB' | '';
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  /** The ratio that we aim at, and on which side of it we want to be. */
  readonly aim?: { readonly ratio: number; readonly atMost: boolean };
  readonly note?: string;
}

/** Runs both sides in turn, one warm-up of each aside, so that both see the same weather. */
export async function inTurn(
  runs: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
  warmUp = true,
): Promise<{ ours: number[]; theirs: number[] }> {
  const measured = { ours: [] as number[], theirs: [] as number[] };
  for (let run = warmUp ? -1 : 0; run < runs; run++) {
    const [a, b] = [await theirs(), await ours()];
    if (run < 0) continue;
    measured.theirs.push(a);
    measured.ours.push(b);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return measured;
}

export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - started) / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median of the ratios of each pair: both sides of a pair ran within the same moments. */
export function ratio({ ours, theirs }: Pick<Figure, 'ours' | 'theirs'>): number {
  return median(ours.map((value, run) => value / theirs[run]!));
}

const TITLES = '| figure | ours, median / min | baseline | median / min | ratio | aim | runs |';

/** The head of a Markdown table, as docs/benchmarks.md has it. */
export const HEADER = `${TITLES}\n${TITLES.replace(/[^|]+/g, ' --- ')}`;

export function table(figures: readonly Figure[]): string {
  return `${HEADER}\n${rows(figures)}`;
}

export function rows(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => {
    const show = (values: readonly number[]) =>
      values.length === 0 ? '–' : `${round(median(values))} / ${round(Math.min(...values))} ${figure.unit}`.trimEnd();
    const compared = figure.theirs.length > 0 ? ratio(figure).toFixed(2) : '–';
    const aim = figure.aim ? `${figure.aim.atMost ? '≤' : '≥'} ${figure.aim.ratio}` : '–';
    return `| ${figure.name} | ${show(figure.ours)} | ${figure.baseline} | ${show(figure.theirs)} | ${compared} | ${aim} | ${figure.ours.length} |`;
  });
  return lines.join('\n');
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
