import { uuidOf } from "@tidings/shared/ids";
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

/** What a mail client shows as the name of a file. */
export const filename = headerText(255).min(1);

/** A media type without parameters. */
export const mediaType = headerText(255).regex(/^[\w.+-]+\/[\w.+-]+$/, "must be a media type such as application/pdf");

const attachment = z.strictObject({
  filename,
  contentType: mediaType,
  /** Base64; the whole request stays under the body limit. */
  content: z.base64("must be base64").max(262_144),
});
/** A file as providers get it: `content` is base64. */
export type Attachment = z.infer<typeof attachment>;

const uploadedAttachment = z.strictObject({
  id: z
    .string()
    .refine((text) => uuidOf("attachment", text) !== null, "must be the id of an attachment, which begins with fil_")
    .meta({ description: "Of `POST /v1/attachments`", example: "fil_01h455vb4pex5vsknk084sn02q" }),
  filename: filename.optional().meta({ description: "Instead of the name it was uploaded with" }),
});
/** A file by the id of its upload. */
export type UploadedAttachment = z.infer<typeof uploadedAttachment>;

const emailContent = z
  .strictObject({
    subject: headerText(998).min(1),
    html: z.string().min(1).optional(),
    text: z.string().min(1).optional(),
    from: mailbox.optional(),
    replyTo: mailbox.optional(),
    headers: headers.optional(),
    attachments: z
      .array(z.union([attachment, uploadedAttachment]))
      .max(10)
      .optional(),
  })
  .refine((content) => content.html !== undefined || content.text !== undefined, "must have html, text or both");

/** What a tenant sends: files may be named by their uploads. */
export type EmailRequest = z.infer<typeof emailContent>;

/** What a provider sends: every file is there. */
export interface EmailContent extends Omit<EmailRequest, "attachments"> {
  attachments?: Attachment[] | undefined;
}

export const email = defineChannel<EmailRequest>({
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
