/** One row of a chart: a place on the x axis and a number per series; null is a gap, not a zero. */
export interface ChartRow {
  /** On the axis and in the table: `21 Nov`, `14:00`. */
  x: string;
  values: Record<string, number | null>;
}

/** Colours a series may have; the words of the legend tell them apart, too. */
export const seriesColours = {
  accent: "var(--color-accent)",
  good: "var(--color-good)",
  warn: "var(--color-warn)",
  bad: "var(--color-bad)",
  neutral: "var(--color-control)",
  kind1: "var(--color-kind-1)",
  kind2: "var(--color-kind-2)",
  kind3: "var(--color-kind-3)",
  kind4: "var(--color-kind-4)",
  kind5: "var(--color-kind-5)",
  kind6: "var(--color-kind-6)",
} as const;

/** For series of one kind each, such as channels: as many as can be told apart. */
export const kindColours = ["kind1", "kind2", "kind3", "kind4", "kind5", "kind6"] as const;

/** One series of a chart. */
export interface ChartSeries {
  /** The key of its numbers in `values`. */
  key: string;
  label: string;
  colour: keyof typeof seriesColours;
}

/** What all charts are given. */
export interface ChartProps {
  /** What is shown: its name and the table's caption. */
  label: string;
  /** What stands on the x axis, for the table: `Day`. */
  xLabel: string;
  rows: readonly ChartRow[];
  series: readonly ChartSeries[];
  /** How a number is written, on the axis and elsewhere; `formatCompact` without it. */
  format?: ((value: number) => string) | undefined;
  /** The axis' ends; from zero to what is needed without it. */
  domain?: readonly [number, number] | undefined;
  className?: string | undefined;
}
