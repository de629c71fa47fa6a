import { channels } from "@tidings/channels/registry";
import type { Database, Transaction } from "@tidings/db/client";
import { type Fault, Refusal } from "@tidings/shared/refusals";
import { escapePointer } from "@tidings/shared/text";
import { compileEmail, type EmailSource } from "./compile-email";
import { checkDataSchema } from "./data-schema";
import { findLayout, type Layout } from "./find-layout";
import { type LiquidKind, parseLiquid, variablesOf } from "./liquid";
import type { CompiledContent, CompiledEmail, TemplateContent } from "./template-content";

const maxDepth = 50;

/** How long all emails of a draft together may keep the compiler from others. An ordinary one takes some 20 ms. */
const maxCompileMs = 10_000;

/**
 * Compiles a template's content, and with that checks everything about it that its zod schema can't.
 * @param compileMs how long its emails may take together
 * @returns the content with its emails compiled
 * @throws {Refusal} template_invalid, with pointers that begin at `/draft`; overloaded, when too much is being compiled
 */
export async function compileDraft(
  database: Database | Transaction,
  tenantId: string,
  draft: TemplateContent,
  compileMs = maxCompileMs,
): Promise<CompiledContent> {
  const faults: Fault[] = [];
  if (draft.schema) faults.push(...under("/draft/schema", checkDataSchema(draft.schema)));
  for (const { pointer, text, kind } of stringsOfContent(draft)) {
    const parsed = text === null ? ({ ok: false, message: "is nested too deeply" } as const) : parseLiquid(text, kind);
    if (!parsed.ok) faults.push({ pointer: `/draft${pointer}`, message: parsed.message });
  }
  let layout: Layout | null = null;
  if (draft.layout !== undefined) {
    const found = await findLayout(database, tenantId, draft.layout);
    if (found.ok) layout = found.layout;
    else faults.push({ pointer: "/draft/layout", message: found.message });
  }
  const emails = faults.length > 0 ? {} : await compileEmails(tenantId, draft, layout, compileMs, faults);
  if (faults.length === 0) return { ...draft, emails, ...(layout && { layoutVersion: layout.version }) };
  const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
  throw new Refusal("template_invalid", `The template has ${count}.`, { faults });
}

/** One locale after the other, so that a draft never takes more than one place in the queue; up to one that is given up. */
async function compileEmails(
  tenantId: string,
  { locales }: TemplateContent,
  layout: Layout | null,
  compileMs: number,
  faults: Fault[],
): Promise<Record<string, CompiledEmail>> {
  const emails: Record<string, CompiledEmail> = {};
  const budget = { totalMs: compileMs, leftMs: compileMs };
  for (const [locale, { email }] of Object.entries(locales)) {
    if (!email) continue;
    const result = await compileEmail(tenantId, email as EmailSource, layout?.emailFor(locale) ?? null, budget);
    if (result.ok) emails[locale] = result.compiled;
    else faults.push(...under(`/draft/locales/${locale}/email`, result.faults));
    if (!result.ok && result.givenUp) break;
  }
  return emails;
}

/**
 * Paths of the variables that compiled content reads, each once and in order, such as `order.id`: the layout's too.
 * Only for content that `compileDraft` let through.
 */
export function listVariables(content: CompiledContent): string[] {
  const compiled = Object.values(content.emails ?? {}).flatMap(({ html, text }) => [html ?? "", text ?? ""]);
  const written = [...stringsOfContent(content)].flatMap(({ text }) => (text === null ? [] : [text]));
  return [...new Set([...written, ...compiled].flatMap(variablesOf))].sort();
}

interface ContentString {
  /** From the content. */
  pointer: string;
  /** Null in the place of what is nested too deeply to be looked at. */
  text: string | null;
  kind: LiquidKind;
}

function* stringsOfContent({ locales }: TemplateContent): Iterable<ContentString> {
  for (const [locale, byChannel] of Object.entries(locales)) {
    for (const [channel, fields] of Object.entries(byChannel)) {
      for (const [field, value] of Object.entries(fields ?? {})) {
        const kind = channels.get(channel)?.htmlFields.includes(field) ? "html" : "text";
        const pointer = `/locales/${locale}/${channel}/${field}`;
        for (const string of stringsOf(value, pointer)) yield { ...string, kind };
      }
    }
  }
}

function* stringsOf(value: unknown, pointer: string, depth = 0): Iterable<{ pointer: string; text: string | null }> {
  if (typeof value === "string") yield { pointer, text: value };
  else if (depth > maxDepth) yield { pointer, text: null };
  else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value))
      yield* stringsOf(inner, `${pointer}/${escapePointer(key)}`, depth + 1);
  }
}

function under(pointer: string, faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => ({ pointer: pointer + fault.pointer, message: fault.message }));
}
