import { hideLiquid } from "./hidden-liquid";
import { createMjmlThread } from "./mjml-thread";

const thread = createMjmlThread({ timeoutMs: 3_000, idleMs: 60_000 });

/**
 * Compiles MJML whose texts and attributes may hold Liquid into HTML that holds the same Liquid.
 * @returns the HTML, or what is wrong with the source, a sentence each
 */
export async function compileMjml(
  source: string,
): Promise<{ ok: true; html: string } | { ok: false; faults: string[] }> {
  if (/<mj-include\b/.test(source)) return { ok: false, faults: ["must not have mj-include: use a layout"] };
  const hidden = hideLiquid(source);
  const { html, errors } = await thread.compile(hidden.text);
  const faults = errors
    // What an attribute will be isn't known yet; only widths and the like are computed with now.
    .filter(({ message }) => hidden.survivorsIn(message).size === 0 || message.includes("for type Unit"))
    .map(({ line, tagName, message }) => {
      const where = [line && `line ${line}`, tagName].filter(Boolean).join(", ");
      return hidden.restore(where ? `${where}: ${message}` : message).trim();
    });
  if (faults.length > 0) return { ok: false, faults };
  const survivors = hidden.survivorsIn(html);
  const lost = hidden.tags.filter((_, position) => !survivors.has(position));
  if (lost.length > 0) return { ok: false, faults: lost.map((tag) => `${tag} would be lost: put it into <mj-raw>`) };
  return { ok: true, html: hidden.restore(html) };
}
