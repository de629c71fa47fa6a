const long = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });

/** `Dec 1, 2026`, a day of UTC: for what begins or ends with a day, such as a month that is paid for. */
export const longDay = (at: number | string | Date): string => long.format(new Date(at));
