"use client";

import type { ReactNode } from "react";
import { type ChartProps, seriesColours } from "./chart-series";
import { cn } from "./cn";
import { Fold } from "./fold";
import { formatCompact } from "./format-number";

/** Around a drawing: the legend above it and its numbers as a table below, for everyone who would rather read. */
export function ChartFrame({
  label,
  xLabel,
  rows,
  series,
  format = formatCompact,
  className,
  children,
}: ChartProps & { children: ReactNode }) {
  return (
    <figure aria-label={label} className={cn("min-w-0", className)}>
      {series.length > 1 && (
        <ul aria-label="Legend" className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-ink-muted text-xs">
          {series.map(({ key, label, colour }) => (
            <li key={key} className="flex items-center gap-1.5">
              <svg aria-hidden="true" viewBox="0 0 8 8" className="size-2">
                <rect width="8" height="8" rx="2" fill={seriesColours[colour]} />
              </svg>
              {label}
            </li>
          ))}
        </ul>
      )}
      <div aria-hidden className="h-56">
        {children}
      </div>
      <Fold title="Show as a table" className="mt-2">
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label={`${label}, as a table`}
          className="max-h-64 overflow-auto rounded-lg border border-line"
        >
          <table className="w-full text-sm">
            <caption className="sr-only">{label}</caption>
            <thead>
              <tr className="border-line border-b text-ink-muted text-xs">
                <th scope="col" className="px-3 py-2 text-left font-medium">
                  {xLabel}
                </th>
                {series.map((one) => (
                  <th key={one.key} scope="col" className="px-3 py-2 text-right font-medium">
                    {one.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {rows.map((row) => (
                <tr key={row.x}>
                  <th scope="row" className="whitespace-nowrap px-3 py-1.5 text-left font-normal">
                    {row.x}
                  </th>
                  {series.map(({ key }) => {
                    const value = row.values[key] ?? null;
                    return (
                      <td key={key} className="px-3 py-1.5 text-right">
                        {value === null ? "—" : format(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Fold>
    </figure>
  );
}
