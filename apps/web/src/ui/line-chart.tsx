"use client";

import dynamic from "next/dynamic";
import { ChartFrame } from "./chart-frame";
import type { ChartProps } from "./chart-series";
import { Skeleton } from "./skeleton";

const Drawing = dynamic(() => import("./line-chart-drawing"), {
  ssr: false,
  loading: () => <Skeleton className="h-full w-full" />,
});

/** A measure over time: a rate, a latency. What adds up is a `BarChart`. */
export type LineChartProps = ChartProps & {
  /** Fills what is below the line; for one series. */
  area?: boolean | undefined;
};

export function LineChart(props: LineChartProps) {
  return (
    <ChartFrame {...props}>
      <Drawing {...props} />
    </ChartFrame>
  );
}
