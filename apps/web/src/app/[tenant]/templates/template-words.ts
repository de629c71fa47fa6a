import { channelNames } from "../../../shell/channel-names";
import type { Answers } from "../../../trpc/answers";

type Outputs = Answers["templates"];
/** A template with its draft and what is published. */
export type Template = Outputs["get"];
export type TemplateSummary = Outputs["list"]["data"][number];
export type TemplateVersion = Outputs["versions"]["data"][number];
/** What a template says: a draft, or what a version was published from. */
export type TemplateContent = Template["draft"];
/** The rendered message of one channel. */
export type TemplatePreview = Outputs["preview"];
/** What one channel of one locale says, by field. */
export type ChannelFields = Record<string, unknown>;
/** One thing wrong: a JSON pointer that begins at `/draft`, and a sentence. */
export interface Fault {
  pointer: string;
  message: string;
}

/** Every channel, in the order of tabs. */
export const channelIds = Object.keys(channelNames);

/** Where a field of a channel stands. */
export function pointerTo(locale: string, channel: string, field = ""): string {
  return `/draft/locales/${locale}/${channel}${field && `/${field}`}`;
}

/** The sentences about what stands at a pointer, and below it. */
export function faultAt(faults: readonly Fault[], pointer: string): string | undefined {
  const found = faults.filter((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`));
  return found.length > 0 ? [...new Set(found.map(({ message }) => sentence(message)))].join(" ") : undefined;
}

/** `must be text` as a sentence; what zod says of an empty field, as people do. */
export function sentence(words: string): string {
  if (words === "Too small: expected string to have >=1 characters") return "Must not be empty.";
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const languages = new Intl.DisplayNames(["en"], { type: "language" });

/** `Portuguese (Brazil)` */
export function localeName(locale: string): string {
  try {
    return languages.of(locale) ?? locale;
  } catch {
    return locale; // not a locale yet: it is being typed
  }
}

/** What a channel says in a locale, if anything. */
export function fieldsOf({ locales }: TemplateContent, locale: string, channel: string): ChannelFields | undefined {
  return (locales[locale] as Record<string, ChannelFields> | undefined)?.[channel];
}

/** The channels of a content, in the order of tabs. */
export function channelsOf({ locales }: TemplateContent): string[] {
  const spoken = new Set(Object.values(locales).flatMap((byChannel) => Object.keys(byChannel)));
  return [...channelIds.filter((id) => spoken.has(id)), ...[...spoken].filter((id) => !channelIds.includes(id))];
}

/** The locales of a content, the default first. */
export function localesOf({ locales, defaultLocale }: TemplateContent): string[] {
  return [
    defaultLocale,
    ...Object.keys(locales)
      .filter((locale) => locale !== defaultLocale)
      .sort(),
  ];
}

/** JSON whose keys are in order: equal for what says the same, whoever wrote it. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
