import { compile } from "html-to-text";
import { hideLiquid } from "./hidden-liquid";

const convert = compile({
  wordwrap: false,
  limits: { maxDepth: 300 }, // well below what the call stack holds, well above what MJML nests
  selectors: [
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
    ...["td", "th"].map((selector) => ({ selector, format: "inlineSurround", options: { suffix: " " } })),
    { selector: "tr", format: "block", options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: "a", options: { hideLinkHrefIfSameAsText: true } },
    { selector: "img", format: "skip" },
    { selector: 'div[style*="display:none"]', format: "skip" }, // the preview line of an inbox
  ],
});

/** Characters of HTML that are read: about 100 ms of work, and twice what mail clients show. */
const maxHtml = 200_000;

/** The plain text of an HTML document, of its beginning when it is huge. Takes milliseconds. */
export function textOfHtml(html: string): string {
  return tidyText(convert(html.slice(0, maxHtml)));
}

/** A text without blanks at the ends of its lines or blank lines in a row. */
export function tidyText(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd()); // a regular expression would take quadratic time
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Filters that make HTML, or unmake it: what they print is to be read as HTML before it is text. */
const printsHtml = /\|\s*(?:raw|escape|escape_once|xml_escape|newline_to_br)\b/;
/** Tags that a later one may depend on, wherever they stand. */
const definesVariable = /^\{%-?\s*(?:assign|capture|endcapture|increment|decrement|liquid)\b/;
const blockTag = /^(?:if|unless|case|for|tablerow|capture|comment|raw)$/;
const branchTag = /^(?:else|elsif|when)$/;

/**
 * The Liquid source of an email's text, made from that of its HTML, so that no message needs a conversion of its own.
 * @returns null when the text can be known only from the rendered HTML
 */
export function deriveTextSource(html: string): string | null {
  if (/<ol\b/i.test(html)) return null; // numbers its items, and a loop prints one item many times
  const hidden = hideLiquid(html);
  if (hidden.tags.some((tag) => printsHtml.test(tag))) return null;
  const text = convert(hidden.text);
  const survivors = hidden.survivorsIn(text);
  if (hidden.tags.some((tag, position) => definesVariable.test(tag) && !survivors.has(position))) return null;
  if (straddlesLink(html)) return null;
  return hidden.restore(tidyText(text));
}

/**
 * Whether a condition or a loop holds one end of a link only. A link's target is printed after its text, so it would
 * escape the condition.
 */
function straddlesLink(html: string): boolean {
  const openedAt: number[] = []; // links open where each block that is open began
  let opened = 0;
  for (const [piece, tag = ""] of html.matchAll(/<a\b|<\/a\s*>|\{%-?\s*(\w+)/gi)) {
    if (piece.startsWith("</")) opened -= 1;
    else if (piece.startsWith("<")) opened += 1;
    else if (blockTag.test(tag)) openedAt.push(opened);
    else if (branchTag.test(tag) && openedAt.at(-1) !== opened) return true;
    else if (tag.startsWith("end") && openedAt.pop() !== opened) return true;
  }
  return false;
}
