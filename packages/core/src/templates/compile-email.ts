import type { Fault } from "@tidings/shared/refusals";
import { compileMjml, type MjmlFaults } from "./compile-mjml";
import { parseLiquid } from "./liquid";
import type { CompileBudget } from "./mjml-thread";
import type { CompiledEmail } from "./template-content";
import { deriveTextSource } from "./text-of-html";

/** What an email template has that makes its body. */
export interface EmailSource {
  html?: string;
  mjml?: string;
  text?: string;
}

/** Where a layout's email has what it surrounds. */
const contentTag = /\{\{-?\s*content\s*(?:\|\s*raw\s*)?-?\}\}/;
const mjmlContentTag = new RegExp(`<mj-raw>\\s*${contentTag.source}\\s*</mj-raw>`);

/** Whether an email can surround another's. */
export function isLayout({ html, mjml }: EmailSource): boolean {
  return contentTag.test(mjml ?? html ?? "");
}

/**
 * Makes an email's Liquid sources: the layout put around it, MJML compiled, a text derived when none is written.
 * @param layout an email for which `isLayout` holds
 * @param budget of all that it belongs to
 * @returns the sources, or faults with pointers into the email, and whether compiling it was given up
 * @throws {Refusal} overloaded
 */
export async function compileEmail(
  tenantId: string,
  email: EmailSource,
  layout: EmailSource | null,
  budget: CompileBudget,
): Promise<{ ok: true; compiled: CompiledEmail } | { ok: false; faults: Fault[]; givenUp: boolean }> {
  const pointer = email.mjml === undefined ? "/html" : "/mjml";
  const body = await compileBody(tenantId, email, layout, budget);
  if (!body.ok) return { ...body, faults: body.faults.map((message) => ({ pointer, message })) };
  const { html } = body;
  const text = email.text !== undefined && layout?.text ? insert(layout.text, contentTag, email.text) : email.text;
  if (html === undefined) return { ok: true, compiled: { ...(text !== undefined && { text }) } };
  const parsed = parseLiquid(html, "html");
  if (!parsed.ok) {
    return { ok: false, faults: [{ pointer, message: `once compiled, ${parsed.message}` }], givenUp: false };
  }
  const derived = text ?? parsable(deriveTextSource(html));
  return { ok: true, compiled: { html, ...(derived !== null && { text: derived }) } };
}

type Body = { ok: true; html?: string } | MjmlFaults;

async function compileBody(
  tenantId: string,
  { html, mjml }: EmailSource,
  layout: EmailSource | null,
  budget: CompileBudget,
): Promise<Body> {
  if (mjml !== undefined) {
    if (!layout) return compileMjml(tenantId, mjml, budget);
    if (layout.mjml === undefined) return { ok: false, faults: ["needs a layout that is MJML too"], givenUp: false };
    if (!mjmlContentTag.test(layout.mjml)) {
      const faults = ["needs a layout with <mj-raw>{{ content }}</mj-raw> between its sections"];
      return { ok: false, faults, givenUp: false };
    }
    return compileMjml(tenantId, insert(layout.mjml, mjmlContentTag, mjml), budget);
  }
  if (html === undefined) return { ok: true };
  if (layout?.mjml === undefined)
    return { ok: true, html: layout?.html ? insert(layout.html, contentTag, html) : html };
  const compiled = await compileMjml(tenantId, layout.mjml, budget);
  if (!compiled.ok) return { ...compiled, faults: compiled.faults.map((fault) => `the layout: ${fault}`) };
  return { ok: true, html: insert(compiled.html, contentTag, html) };
}

function insert(surroundings: string, place: RegExp, content: string): string {
  return surroundings.replace(place, () => content); // a function, for which `$` means nothing
}

function parsable(source: string | null): string | null {
  return source !== null && parseLiquid(source, "text").ok ? source : null;
}
