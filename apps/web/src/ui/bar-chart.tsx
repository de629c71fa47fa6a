"use client";

import dynamic from "next/dynamic";
import { ChartFrame } from "./chart-frame";
import type { ChartProps } from "./chart-series";
import { Skeleton } from "./skeleton";

const Drawing = dynamic(() => import("./bar-chart-drawing"), {
  ssr: false,
  loading: () => <Skeleton className="h-full w-full" />,
});

/** Amounts per day, hour or kind, stacked; the axis begins at zero. */
export function BarChart(props: ChartProps) {
  return (
    <ChartFrame {...props}>
      <Drawing {...props} />
    </ChartFrame>
  );
}
