/** What spreadsheets take for a formula, with the apostrophes that keep them from it: https://owasp.org/www-community/attacks/CSV_Injection */
const formula = /^'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** A cell as RFC 4180 writes it, no spreadsheet takes it for a formula, and {@link textOfCell} reads it again. */
export function csvCell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The text of a cell that was read: without the apostrophe before what looks like a formula, and the space around it. */
export function textOfCell(cell: string): string {
  const text = cell.trim();
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
}
