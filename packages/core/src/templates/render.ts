import type { Channel } from "@tidings/channels/channel";
import { channels } from "@tidings/channels/registry";
import { pointerOfUnstorableText } from "@tidings/shared/text";
import { LRUCache } from "lru-cache";
import { chooseLocale } from "./choose-locale";
import { type CompiledField, compileField, FieldFailure } from "./compile-field";
import { type LiquidScope, liquidMarkup, openScope } from "./liquid";
import type { CompiledContent } from "./template-content";
import { textOfHtml, tidyText } from "./text-of-html";

/** The person a message is for, as templates see them under `recipient`. */
export interface TemplateRecipient {
  id: string | null;
  locale: string | null;
  /** In which dates are printed; UTC when null. */
  timeZone: string | null;
  data: Readonly<Record<string, unknown>>;
}

export interface RenderRequest {
  content: CompiledContent;
  channel: string;
  /** Whose language is wanted; null for the template's default. */
  locale: string | null;
  /** The notification's data: the variables of the template. */
  data: Readonly<Record<string, unknown>>;
  recipient: TemplateRecipient;
}

/** A message ready for its provider; or why it can't be, in words for the tenant. */
export type RenderResult =
  | { ok: true; locale: string; content: unknown }
  /** `variable` names the one that was missing, if that is why. */
  | { ok: false; reason: string; variable?: string };

/** One channel's content in one locale, parsed. */
interface CompiledMessage {
  fields: readonly (readonly [name: string, field: CompiledField])[];
  /** Whether the email's text can be made only from its rendered HTML. */
  needsText: boolean;
  /** Bytes it takes to keep, about. */
  sizeBytes: number;
}

/** Fields that become one header line: control characters in them become a space, so that no header can be smuggled in. */
const headerFields = new Set(["subject", "from", "replyTo"]);

/** Renders a template for one channel, compiling it first: for a draft. A worker keeps a renderer. */
export function renderTemplate(request: RenderRequest): RenderResult {
  return renderWith(request, (locale) => compileMessage(request.content, request.channel, locale));
}

/** What a parsed tag takes to keep, as measured with liquidjs 10.30; the rest of a source takes a byte a character. */
const tagBytes = 1_200;
/** What a compiled message may take on average: that of a usual newsletter. */
const usualBytes = 64 * 1024;

/**
 * A renderer that compiles each version, channel and locale once.
 * @param maxCompiled most of them it keeps; fewer when they are unusually large
 */
export function createRenderer({ maxCompiled = 1_000 }: { maxCompiled?: number } = {}) {
  const compiled = new LRUCache<string, CompiledMessage>({
    max: maxCompiled,
    maxSize: maxCompiled * usualBytes,
    sizeCalculation: ({ sizeBytes }) => sizeBytes,
  });
  return {
    /** Renders a published version for one channel. What is wrong with the data is in the result. */
    render(request: RenderRequest & { templateId: string; version: number }): RenderResult {
      const { templateId, version, channel, content } = request;
      return renderWith(request, (locale) => {
        const key = `${templateId}:${version}:${channel}:${locale}`;
        const known = compiled.get(key);
        if (known) return known;
        const message = compileMessage(content, channel, locale);
        compiled.set(key, message);
        return message;
      });
    },
  };
}
export type Renderer = ReturnType<typeof createRenderer>;

function compileMessage(content: CompiledContent, channel: string, locale: string): CompiledMessage {
  const { mjml: _, ...written } = content.locales[locale]?.[channel] ?? {};
  const source: Record<string, unknown> = channel === "email" ? { ...written, ...content.emails?.[locale] } : written;
  const htmlFields = channels.get(channel)?.htmlFields ?? [];
  const fields = Object.entries(source).map(([name, value]) => {
    const field = compileField(value, name, htmlFields.includes(name) ? "html" : "text");
    if (channel !== "email") return [name, field] as const;
    if (headerFields.has(name)) return [name, finished(field, oneLine)] as const;
    return [name, name === "text" && written.text === undefined ? finished(field, tidyText) : field] as const;
  });
  const needsText = channel === "email" && source.text === undefined;
  const sources = JSON.stringify(source);
  return { fields, needsText, sizeBytes: sources.length + tagBytes * (sources.match(liquidMarkup)?.length ?? 0) };
}

function finished(field: CompiledField, finish: (text: string) => string): CompiledField {
  return (scope) => finish(String(field(scope)));
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}

function renderWith(request: RenderRequest, compile: (locale: string) => CompiledMessage): RenderResult {
  const { content, data, recipient } = request;
  const channel = channels.get(request.channel);
  const locale = chooseLocale(content, request.channel, request.locale);
  if (!channel || locale === null) return { ok: false, reason: `the template has no content for ${request.channel}` };
  const message = compile(locale);
  const render = () => renderFields(message, openScope({ ...data, recipient }, locale, recipient.timeZone));
  const first = render();
  // A process that was held up for a moment must not cost a good message: only one that is slow twice is slow.
  const rendered = first instanceof FieldFailure && first.failure.isSlow ? render() : first;
  if (rendered instanceof FieldFailure) {
    const { message: words, variable } = rendered.failure;
    const reason = `${channel.id}.${rendered.field}: ${words}`;
    return { ok: false, reason, ...(variable !== undefined && { variable }) };
  }
  return check(channel, locale, rendered.content, rendered.blank);
}

interface RenderedFields {
  content: Record<string, unknown>;
  /** Fields that became blank, and so are left out: right for one that may be absent. */
  blank: ReadonlySet<string>;
}

function renderFields({ fields, needsText }: CompiledMessage, scope: LiquidScope): RenderedFields | FieldFailure {
  const content: Record<string, unknown> = {};
  const blank = new Set<string>();
  try {
    for (const [name, field] of fields) {
      const value = field(scope);
      if (typeof value === "string" && value.trim() === "") blank.add(name);
      else content[name] = value;
    }
  } catch (error) {
    if (error instanceof FieldFailure) return error;
    throw error;
  }
  const text = needsText && typeof content.html === "string" ? textOfHtml(content.html) : "";
  if (text !== "") content.text = text;
  return { content, blank };
}

function check(channel: Channel, locale: string, content: unknown, blank: ReadonlySet<string>): RenderResult {
  const parsed = channel.content.safeParse(content);
  if (parsed.success) {
    const pointer = pointerOfUnstorableText(parsed.data);
    if (pointer === null) return { ok: true, locale, content: parsed.data };
    return { ok: false, reason: `${channel.id}${pointer.replaceAll("/", ".")} has a character that cannot be stored` };
  }
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".") ?? "";
  if (blank.has(field)) return { ok: false, reason: `${channel.id}.${field} is blank` };
  const where = field === "" ? channel.id : `${channel.id}.${field}`;
  return { ok: false, reason: `${where}: ${issue?.message ?? "is not valid"}` };
}
