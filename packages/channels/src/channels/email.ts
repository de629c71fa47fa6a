import { headerText } from "@tidings/shared/text";
import { z } from "zod";
import { defineChannel } from "../channel";

/** An email address in lower-case domain form, at most 254 characters (RFC 5321). */
const emailAddress = z
  .email("must be an email address")
  .max(254)
  .transform((address) => {
    const at = address.lastIndexOf("@");
    return address.slice(0, at) + address.slice(at).toLowerCase();
  });

const bareAddress = z.email();

/** `ann@example.com` or `Ann <ann@example.com>`: one mailbox. */
export const mailbox = headerText(320).refine(
  (text) => bareAddress.safeParse(/^[^<>]*<([^<>]+)>$/.exec(text)?.[1] ?? text).success,
  "must be an email address, or a name followed by one in angle brackets",
);

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,64}$/, "must be letters, digits and hyphens");
/** Headers Tidings writes itself: a tenant can't replace them. */
const ownHeaders = new Set([
  "from",
  "to",
  "cc",
  "bcc",
  "sender",
  "subject",
  "date",
  "message-id",
  "reply-to",
  "mime-version",
  "content-type",
  "content-transfer-encoding",
  "dkim-signature",
  "return-path",
]);

const headers = z
  .record(headerName, headerText(998))
  .refine((all) => Object.keys(all).length <= 50, "must have at most 50 headers")
  .refine((all) => Object.keys(all).every((name) => !ownHeaders.has(name.toLowerCase())), {
    message: `must not set ${[...ownHeaders].join(", ")}`,
  });

const attachment = z.strictObject({
  filename: headerText(255).min(1),
  contentType: headerText(255).regex(/^[\w.+-]+\/[\w.+-]+$/, "must be a media type such as application/pdf"),
  /** Base64; the whole request stays under the body limit. */
  content: z.base64("must be base64").max(262_144),
});

const emailContent = z
  .strictObject({
    subject: headerText(998).min(1),
    html: z.string().min(1).optional(),
    text: z.string().min(1).optional(),
    from: mailbox.optional(),
    replyTo: mailbox.optional(),
    headers: headers.optional(),
    attachments: z.array(attachment).max(10).optional(),
  })
  .refine((content) => content.html !== undefined || content.text !== undefined, "must have html, text or both");

export type EmailContent = z.infer<typeof emailContent>;

export const email = defineChannel<EmailContent>({
  id: "email",
  addressField: { name: "email", schema: emailAddress },
  content: emailContent,
  template: z
    .strictObject({
      subject: z.string().min(1).max(998),
      /** One of the two; MJML is compiled to HTML. */
      html: z.string().min(1).optional(),
      mjml: z.string().min(1).optional(),
      /** Made from the HTML when absent. */
      text: z.string().min(1).optional(),
      from: z.string().max(320).optional(),
      replyTo: z.string().max(320).optional(),
    })
    .refine((content) => !(content.html && content.mjml), "must have html or mjml, not both")
    .refine((content) => content.html ?? content.mjml ?? content.text, "must have html, mjml or text"),
  htmlFields: ["html", "mjml"],
  addressesOf: ({ addresses }) => (addresses.email ? [addresses.email] : []),
  maxAttempts: 8,
});
