/**
 * `$0.0006`, the price of one unit with as many digits as it needs.
 * @param unitAmount decimal number of the currency's smallest unit
 * @param currency ISO 4217
 */
export function formatUnitPrice(unitAmount: string, currency: string): string {
  const usual = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const digits = usual.maximumFractionDigits ?? 2;
  const format = new Intl.NumberFormat("en", { style: "currency", currency, maximumFractionDigits: 12 });
  return format.format(Number(unitAmount) / 10 ** digits);
}
