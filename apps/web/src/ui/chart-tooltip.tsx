import { type ChartSeries, seriesColours } from "./chart-series";

interface ChartTooltipProps {
  active?: boolean | undefined;
  label?: string | number | undefined;
  payload?: readonly { dataKey?: unknown; name?: unknown; value?: unknown }[] | undefined;
  series: readonly ChartSeries[];
  format: (value: number) => string;
}

/** The numbers of the place the pointer is at. */
export function ChartTooltip({ active, label, payload, series, format }: ChartTooltipProps) {
  if (!active || !payload?.length) return null;
  return (
    <div className="pop rounded-md px-2.5 py-1.5 text-xs">
      <p className="font-medium">{label}</p>
      <ul>
        {series.map((one, index) => {
          const value = payload[index]?.value;
          return (
            <li key={one.key} className="flex items-center gap-1.5">
              <svg aria-hidden="true" viewBox="0 0 8 8" className="size-2">
                <rect width="8" height="8" rx="2" fill={seriesColours[one.colour]} />
              </svg>
              <span className="text-ink-muted">{one.label}</span>
              <span className="ml-auto pl-3">{typeof value === "number" ? format(value) : "—"}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
