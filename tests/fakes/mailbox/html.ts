/** Text that is HTML already. Nothing gets onto a page unescaped but through {@link html} and {@link ours}. */
class SafeHtml {
  constructor(readonly text: string) {}
}

export type { SafeHtml };

type Printable = SafeHtml | string | number | null | false | undefined | readonly Printable[];

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A template whose values are escaped, for text and for quoted attributes. */
export function html(strings: TemplateStringsArray, ...values: Printable[]): SafeHtml {
  return new SafeHtml(String.raw({ raw: strings }, ...values.map(print)));
}

/** A stylesheet or script of our own, as it is. Never for anything that came from outside. */
export function ours(text: string): SafeHtml {
  return new SafeHtml(text);
}

function print(value: Printable): string {
  if (value instanceof SafeHtml) return value.text;
  if (Array.isArray(value)) return value.map(print).join("");
  if (value === null || value === undefined || value === false) return "";
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
