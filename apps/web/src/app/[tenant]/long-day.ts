const long = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

/** `1 December 2026`, a day of UTC: for what begins or ends with a day, such as a month that is paid for. */
export function longDay(at: number | string | Date): string {
  const parts = Object.fromEntries(long.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${parts.day} ${parts.month} ${parts.year}`;
}
