import type { Database } from "@tidings/db/client";
import { Refusal } from "@tidings/shared/refusals";
import { countSmsSegments } from "@tidings/shared/sms-segments";
import { channelsOf, chooseLocale } from "./choose-locale";
import { compileDraft } from "./compile-draft";
import { getTemplate } from "./get-template";
import { type RenderRequest, type RenderResult, renderTemplate, type TemplateRecipient } from "./render";
import type { CompiledContent, TemplateContent } from "./template-content";
import type { PreviewBody, PublicPreview } from "./template-schemas";

/** Most missing variables that a preview names, and the time it looks for them: others wait meanwhile. */
const maxMissing = 50;
const maxSearchMs = 500;

/**
 * Renders a template's draft, one that isn't stored yet, or a version with sample data, by the code that workers use.
 * Of a draft only what is shown is compiled.
 * @throws {Refusal} not_found; overloaded; template_invalid, when the draft that was given is, or a stored one's layout has
 * changed since
 */
export async function previewTemplate(
  database: Database,
  tenantId: string,
  key: string,
  { version, draft, channels, locale, data, recipient }: PreviewBody,
): Promise<PublicPreview> {
  const template = await getTemplate(database, tenantId, key);
  const { id = null, timeZone = null, data: recipientData = {} } = recipient;
  const person = { id, locale: recipient.locale ?? null, timeZone, data: recipientData };
  const wanted = locale ?? person.locale;
  const written = draft ?? (template.draft as unknown as TemplateContent);
  const content =
    version === undefined
      ? await compileDraft(database, tenantId, shownOf(written, channels, wanted))
      : await contentOf(database, { tenantId, templateId: template.id, version });
  const searchUntil = performance.now() + maxSearchMs;
  const previews = [...new Set(channels ?? channelsOf(content))].map((channel) => ({
    channel,
    locale: chooseLocale(content, channel, wanted),
    ...preview({ content, channel, locale: wanted, data, recipient: person }, searchUntil),
  }));
  return { version: version ?? null, data: previews };
}

/** Of each channel the one locale that is shown. */
function shownOf(
  content: TemplateContent,
  channels: readonly string[] = channelsOf(content),
  wanted: string | null,
): TemplateContent {
  const locales: TemplateContent["locales"] = {};
  for (const channel of channels) {
    const locale = chooseLocale(content, channel, wanted);
    if (locale !== null) locales[locale] = { ...locales[locale], [channel]: content.locales[locale]?.[channel] };
  }
  return { ...content, locales };
}

async function contentOf(
  database: Database,
  id: { tenantId: string; templateId: string; version: number },
): Promise<CompiledContent> {
  const found = await database.templateVersion.findUnique({
    where: { tenantId_templateId_version: id },
    select: { content: true },
  });
  if (!found) throw new Refusal("not_found", `The template has no version ${id.version}.`);
  return found.content as unknown as CompiledContent;
}

function preview(request: RenderRequest, searchUntil: number) {
  const result = renderTemplate(request);
  const { text } = (result.ok ? result.content : {}) as { text?: string };
  return {
    content: result.ok ? result.content : null,
    reason: result.ok ? null : result.reason,
    missingVariables: missingVariables(request, result, searchUntil),
    sms: request.channel === "sms" && text !== undefined ? countSmsSegments(text) : null,
  };
}

/** Fills in one missing variable after the other, since rendering stops at the first. */
function missingVariables(request: RenderRequest, first: RenderResult, searchUntil: number): string[] {
  const missing: string[] = [];
  let variables: Record<string, unknown> = { ...request.data, recipient: request.recipient };
  for (let result = first; !result.ok && result.variable && missing.length < maxMissing; ) {
    if (missing.includes(result.variable)) break; // of a list's items: filling in can't help
    missing.push(result.variable);
    if (performance.now() > searchUntil) break;
    variables = withValueAt(variables, result.variable.split("."));
    const recipient = variables.recipient as TemplateRecipient;
    result = renderTemplate({ ...request, data: variables, recipient });
  }
  return missing;
}

function withValueAt(data: Readonly<Record<string, unknown>>, [name = "", ...rest]: string[]): Record<string, unknown> {
  const inner = Object.hasOwn(data, name) ? data[name] : {};
  const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  const value = rest.length === 0 ? "sample" : withValueAt(isObject ? (inner as Record<string, unknown>) : {}, rest);
  return { ...data, [name]: value };
}
