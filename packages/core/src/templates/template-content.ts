import { channels } from "@tidings/channels/registry";
import { z } from "zod";
import { templateKeySchema } from "../notifications/notification-request";

/** A locale exactly as it is looked up, so that two spellings of one locale can't stand side by side. */
const canonicalLocale = z
  .string()
  .superRefine((text, context) => {
    const canonical = canonicalOf(text);
    if (canonical === text) return;
    const message = canonical ? `must be written ${canonical}` : "must be a BCP 47 locale such as en or pt-BR";
    context.addIssue({ code: "custom", message });
  })
  .meta({ description: "A BCP 47 locale", example: "pt-BR" });

function canonicalOf(locale: string): string | null {
  try {
    return new Intl.Locale(locale).toString();
  } catch {
    return null; // malformed input is an expected answer here, not a fault
  }
}

const localizedContent = z
  .strictObject(Object.fromEntries([...channels.values()].map(({ id, template }) => [id, template.optional()])))
  .refine((byChannel) => Object.values(byChannel).some(Boolean), "must have content for at least one channel")
  .meta({ description: "Content by channel; its strings are Liquid" });

/** More languages than a product speaks; publishing compiles the email of each. */
const maxLocales = 50;

/** What a template says: the shape of a draft, and of what a version was published from. */
export const templateContentSchema = z
  .strictObject({
    defaultLocale: canonicalLocale,
    locales: z.record(canonicalLocale, localizedContent),
    layout: templateKeySchema.optional().meta({
      description: "Key of the template whose email surrounds this one's, in the place of its `{{ content }}`",
      example: "house_style",
    }),
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({
        description: "JSON Schema of the data, by which a request that lacks something is refused",
        example: { type: "object", required: ["orderId"], properties: { orderId: { type: "string" } } },
      }),
  })
  .superRefine(({ defaultLocale, locales }, context) => {
    const count = Object.keys(locales).length;
    if (count > maxLocales) {
      const message = `must have at most ${maxLocales} locales, not ${count}`;
      context.addIssue({ code: "custom", path: ["locales"], message });
    }
    if (Object.hasOwn(locales, defaultLocale)) return;
    context.addIssue({ code: "custom", path: ["locales"], message: `must have the default locale, ${defaultLocale}` });
  })
  .meta({
    id: "TemplateContent",
    example: {
      defaultLocale: "en",
      locales: {
        en: {
          email: { subject: "Order {{ orderId }} is on its way", html: "<p>{{ carrier }} has your parcel.</p>" },
          sms: { text: "Order {{ orderId }} is on its way with {{ carrier }}." },
        },
      },
    },
  });
export type TemplateContent = z.output<typeof templateContentSchema>;

/** An email as Liquid sources, ready to be rendered: MJML made HTML, the layout around it. */
export interface CompiledEmail {
  html?: string;
  /** Absent when the text has to be made from each rendered HTML. */
  text?: string;
}

/** A template's content with its emails compiled: what a version holds, and all that rendering needs. */
export interface CompiledContent extends TemplateContent {
  /** By locale. An email that isn't among them is rendered as it is written. */
  emails?: Record<string, CompiledEmail>;
  /** Which version of the layout surrounds the emails. */
  layoutVersion?: number;
}
