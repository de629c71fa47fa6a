const count = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const share = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** `1,234,567` */
export function formatCount(value: number | bigint): string {
  return count.format(value);
}

/** `1.2M`: where space is short, with the full number elsewhere. */
export function formatCompact(value: number | bigint): string {
  return compact.format(value);
}

/** `99.3%` of a share in 0…1; `99.9%` for what is almost but not all, so that 100% is all. */
export function formatShare(value: number): string {
  return share.format(value < 1 ? Math.min(value, 0.999) : value);
}

/** `850 ms`, `1.2 s`, `3 min`, `5 h` of milliseconds. */
export function formatDuration(ms: number): string {
  if (ms < 1) return "<1 ms";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** `512 B`, `1.4 kB`, `3.2 MB` of bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `€12.50` of the smallest unit of a currency (ISO 4217). */
export function formatMoney(cents: number, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.format(cents / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
