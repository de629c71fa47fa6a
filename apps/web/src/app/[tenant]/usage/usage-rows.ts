import type { Answers } from "../../../trpc/answers";
import { type ChartRow, type ChartSeries, kindColours } from "../../../ui/chart-series";
import { daysOf } from "./usage-span";

export type Usage = Answers["usage"]["get"];

/** What is counted of deliveries. */
export type UsageCounts = Record<"accepted" | "sent" | "delivered" | "failed" | "units", number>;

const nothing: UsageCounts = { accepted: 0, sent: 0, delivered: 0, failed: 0, units: 0 };
const names = Object.keys(nothing) as (keyof UsageCounts)[];

/** The sums over all days: of everything, and of each group, the largest first. */
export function sumsOf({ rows }: Usage): { total: UsageCounts; groups: (UsageCounts & { key: string | null })[] } {
  const total = { ...nothing };
  const groups = new Map<string | null, UsageCounts>();
  for (const row of rows) {
    const group = groups.get(row.key) ?? { ...nothing };
    groups.set(row.key, group);
    for (const name of names) {
      total[name] += row[name];
      group[name] += row[name];
    }
  }
  const sorted = [...groups].map(([key, counts]) => ({ key, ...counts }));
  return { total, groups: sorted.sort((one, other) => other.units - one.units || other.accepted - one.accepted) };
}

const short = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });

/** The units of each day, a series for each of the largest groups and one for all the others together. */
export function chartOf(usage: Usage, nameOf: (key: string | null) => string) {
  const keys = sumsOf(usage).groups.flatMap(({ key, units }) => (units > 0 ? [key] : []));
  const shown = keys.length > kindColours.length ? keys.slice(0, kindColours.length - 1) : keys;
  const seriesOf = new Map(shown.map((key, index) => [key, `group${index}`]));
  const series: ChartSeries[] = shown.map((key, index) => ({
    key: `group${index}`,
    label: nameOf(key),
    colour: kindColours[index] ?? "neutral",
  }));
  if (shown.length < keys.length)
    series.push({ key: "others", label: "Others", colour: kindColours[shown.length] ?? "neutral" });

  const byDay = new Map(
    daysOf(usage).map((day) => [day, Object.fromEntries(series.map(({ key }) => [key, 0])) as Record<string, number>]),
  );
  for (const { day, key, units } of usage.rows) {
    const values = byDay.get(day);
    const name = seriesOf.get(key) ?? "others";
    if (values && units > 0) values[name] = (values[name] ?? 0) + units;
  }
  const rows: ChartRow[] = [...byDay].map(([day, values]) => ({ x: short.format(new Date(day)), values }));
  return { series, rows };
}
