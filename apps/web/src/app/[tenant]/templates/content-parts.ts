import { channelNames } from "../../../shell/channel-names";
import { canonical, channelsOf, localeName, localesOf, type TemplateContent } from "./template-words";

/** One text of a template's content that differs between two of them. */
export interface ChangedPart {
  /** `English · Email · subject` */
  label: string;
  before: string;
  after: string;
}

/** What differs between two contents, part by part, in the order a reader would look. */
export function changedParts(before: TemplateContent | null, after: TemplateContent): ChangedPart[] {
  const [old, fresh] = [before ? partsOf(before) : new Map<string, string>(), partsOf(after)];
  return [...new Set([...fresh.keys(), ...old.keys()])].flatMap((label) => {
    const [was, is] = [old.get(label) ?? "", fresh.get(label) ?? ""];
    return was === is ? [] : [{ label, before: was, after: is }];
  });
}

function partsOf(content: TemplateContent): Map<string, string> {
  const parts = new Map<string, string>();
  for (const locale of localesOf(content)) {
    for (const channel of channelsOf(content)) {
      const fields = Object.entries(content.locales[locale]?.[channel] ?? {});
      for (const [field, value] of fields)
        parts.set(`${localeName(locale)} · ${channelNames[channel] ?? channel} · ${field}`, textOf(value));
    }
  }
  parts.set("Default language", localeName(content.defaultLocale));
  if (content.layout !== undefined) parts.set("Layout", content.layout);
  if (content.schema !== undefined) parts.set("Data schema", textOf(content.schema));
  return parts;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(JSON.parse(canonical(value)), null, 2); // keys in one order, whoever wrote it
}
