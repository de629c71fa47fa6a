import type { TemplateContent } from "./template-content";

/**
 * The locale whose content of a channel a reader gets: theirs, else its nearest parent, else the default
 * (`pt-BR` → `pt` → default; RFC 4647 lookup).
 * @returns null when none of these speaks the channel
 */
export function chooseLocale(
  { locales, defaultLocale }: Pick<TemplateContent, "locales" | "defaultLocale">,
  channel: string,
  wanted: string | null,
): string | null {
  const speaks = (locale: string) => locales[locale]?.[channel] !== undefined;
  for (let locale = wanted ?? ""; locale !== ""; locale = parentOf(locale)) if (speaks(locale)) return locale;
  return speaks(defaultLocale) ? defaultLocale : null;
}

function parentOf(locale: string): string {
  return locale.slice(0, Math.max(locale.lastIndexOf("-"), 0));
}

/** The channels for which some locale has content, each once. */
export function channelsOf({ locales }: Pick<TemplateContent, "locales">): string[] {
  const spoken = Object.values(locales).flatMap((byChannel) => Object.keys(byChannel));
  return [...new Set(spoken)];
}
