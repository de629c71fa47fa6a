"use client";

import { Area, CartesianGrid, AreaChart as Chart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { axisStyle, margin, tickStyle } from "./chart-axes";
import { type ChartRow, seriesColours } from "./chart-series";
import { ChartTooltip } from "./chart-tooltip";
import { formatCompact } from "./format-number";
import type { LineChartProps } from "./line-chart";

/** Loaded by `LineChart` when it is needed. */
export default function LineChartDrawing({
  rows,
  series,
  format = formatCompact,
  area = false,
  domain,
}: LineChartProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Chart data={[...rows]} margin={margin} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--color-line)" />
        <XAxis dataKey="x" tick={tickStyle} axisLine={axisStyle} tickLine={false} minTickGap={24} />
        <YAxis
          tick={tickStyle}
          axisLine={false}
          tickLine={false}
          width="auto"
          tickFormatter={format}
          domain={domain ? [...domain] : [0, "auto"]}
        />
        <Tooltip
          cursor={{ stroke: "var(--color-line-strong)" }}
          isAnimationActive={false}
          content={(tip) => <ChartTooltip {...tip} series={series} format={format} />}
        />
        {series.map(({ key, label, colour }) => (
          <Area
            key={key}
            dataKey={(row: ChartRow) => row.values[key]}
            name={label}
            type="linear"
            stroke={seriesColours[colour]}
            strokeWidth={1.5}
            fill={seriesColours[colour]}
            fillOpacity={area ? 0.12 : 0}
            dot={rows.length === 1}
            isAnimationActive={false}
          />
        ))}
      </Chart>
    </ResponsiveContainer>
  );
}
