"use client";

import { Bar, CartesianGrid, BarChart as Chart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { axisStyle, margin, tickStyle } from "./chart-axes";
import { type ChartProps, type ChartRow, seriesColours } from "./chart-series";
import { ChartTooltip } from "./chart-tooltip";
import { formatCompact } from "./format-number";

/** Loaded by `BarChart` when it is needed. */
export default function BarChartDrawing({ rows, series, format = formatCompact, domain }: ChartProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Chart data={[...rows]} margin={margin} accessibilityLayer={false} barCategoryGap="20%">
        <CartesianGrid vertical={false} stroke="var(--color-line)" />
        <XAxis dataKey="x" tick={tickStyle} axisLine={axisStyle} tickLine={false} minTickGap={24} />
        <YAxis
          tick={tickStyle}
          axisLine={false}
          tickLine={false}
          width="auto"
          allowDecimals={domain !== undefined}
          tickFormatter={format}
          domain={domain ? [...domain] : [0, "auto"]}
        />
        <Tooltip
          cursor={{ fill: "var(--color-sunken)" }}
          isAnimationActive={false}
          content={(tip) => <ChartTooltip {...tip} series={series} format={format} />}
        />
        {series.map(({ key, label, colour }) => (
          <Bar
            key={key}
            dataKey={(row: ChartRow) => row.values[key]}
            name={label}
            stackId="all"
            fill={seriesColours[colour]}
            maxBarSize={32}
            isAnimationActive={false}
          />
        ))}
      </Chart>
    </ResponsiveContainer>
  );
}
