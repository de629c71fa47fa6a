import { hideLiquid } from "./hidden-liquid";
import { type CompileBudget, createMjmlThread } from "./mjml-thread";

const thread = createMjmlThread({ timeoutMs: 3_000, idleMs: 20_000, maxWaiting: 32, maxWaitingPerTenant: 8 });

/** What is wrong with a source, a sentence each. */
export interface MjmlFaults {
  ok: false;
  faults: string[];
  /** Whether compiling it was given up. */
  givenUp: boolean;
}

/**
 * Compiles MJML whose texts and attributes may hold Liquid into HTML that holds the same Liquid.
 * @param budget of all that the source belongs to
 * @returns the HTML, or what is wrong with the source
 * @throws {Refusal} overloaded, when too much is being compiled, of the tenant or of all
 */
export async function compileMjml(
  tenantId: string,
  source: string,
  budget: CompileBudget,
): Promise<{ ok: true; html: string } | MjmlFaults> {
  if (/<mj-include\b/.test(source)) return refused(["must not have mj-include: use a layout"]);
  const hidden = hideLiquid(source);
  const { html, errors, givenUp } = await thread.compile(tenantId, hidden.text, budget);
  const faults = errors
    // What an attribute will be isn't known yet; only widths and the like are computed with now.
    .filter(({ message }) => hidden.survivorsIn(message).size === 0 || message.includes("for type Unit"))
    .map(({ line, tagName, message }) => {
      const where = [line && `line ${line}`, tagName].filter(Boolean).join(", ");
      return hidden.restore(where ? `${where}: ${message}` : message).trim();
    });
  if (faults.length > 0) return refused(faults, givenUp);
  const survivors = hidden.survivorsIn(html);
  const lost = hidden.tags.filter((_, position) => !survivors.has(position));
  if (lost.length > 0) return refused(lost.map((tag) => `${tag} would be lost: put it into <mj-raw>`));
  return { ok: true, html: hidden.restore(html) };
}

function refused(faults: string[], givenUp = false): MjmlFaults {
  return { ok: false, faults, givenUp };
}
