import { z } from "zod";

/**
 * The JSON pointer of the first text Postgres cannot store, at any depth, or null: one with U+0000 or with half of a
 * surrogate pair. Keys count too.
 */
export function pointerOfUnstorableText(value: unknown, pointer = ""): string | null {
  if (typeof value === "string") return isStorable(value) ? null : pointer;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const here = `${pointer}/${escapePointer(key)}`;
    if (!isStorable(key)) return here;
    const found = pointerOfUnstorableText(inner, here);
    if (found !== null) return found;
  }
  return null;
}

/** Whether Postgres can store the text. */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

/** One segment of a JSON pointer, escaped as RFC 6901 asks. */
export function escapePointer(segment: string): string {
  return segment.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A single line that may stand in a header: no CR, no LF, no other control character. */
export const headerText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((text) => !/\p{Cc}/u.test(text), "must be one line without control characters");

/** A BCP 47 locale such as `pt` or `pt-BR`, in canonical case. */
export const localeSchema = z.string().transform((text, context) => {
  try {
    return new Intl.Locale(text).toString();
  } catch {
    context.addIssue({ code: "custom", message: "must be a BCP 47 locale such as en or pt-BR" });
    return z.NEVER;
  }
});

/** An IANA time zone such as `Europe/Lisbon`. */
export const timeZoneSchema = z.string().refine((text) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}, "must be an IANA time zone such as Europe/Lisbon");
