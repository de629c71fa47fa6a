import { filename } from "@tidings/channels/channels/email";
import { z } from "zod";

/** Most bytes of one upload, and of all that goes along with one email. */
export const maxAttachmentBytes = 10 * 1024 * 1024;
/** How long an upload can be sent. */
export const attachmentDays = 30;

/** What is said of a file beside its bytes. */
export const uploadQuery = z.strictObject({
  filename: filename.meta({ description: "What mail clients show as its name", example: "invoice-7421.pdf" }),
});

/** An upload as its tenant sees it. */
export const publicAttachment = z
  .object({
    id: z.string().meta({ example: "fil_01h455vb4pex5vsknk084sn02q" }),
    filename: z.string(),
    contentType: z.string().meta({ example: "application/pdf" }),
    sizeBytes: z.int(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().meta({ description: "Until when it can be sent" }),
  })
  .meta({ id: "Attachment" });
export type PublicAttachment = z.infer<typeof publicAttachment>;
