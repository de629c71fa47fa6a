import { z } from "zod";
import { defineChannel } from "../channel";
import { phoneNumber } from "./phone-number";

const providerTemplate = z.strictObject({
  /** The provider's own id of an approved template (Twilio: content SID). */
  id: z.string().min(1).max(128),
  variables: z.record(z.string().max(64), z.string().max(1024)).optional(),
});

const whatsappContent = z
  .strictObject({ text: z.string().min(1).max(4096).optional(), providerTemplate: providerTemplate.optional() })
  .refine((content) => content.text ?? content.providerTemplate, "must have text or providerTemplate");
export type WhatsappContent = z.infer<typeof whatsappContent>;

/**
 * How fast Meta lets a business's number write to one person, by whosever API it is asked; more is refused with 131056.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/overview#pair-rate-limits
 */
export const whatsappPairRate = { everyMs: 6_000, burst: 45 };

export const whatsapp = defineChannel<WhatsappContent>({
  id: "whatsapp",
  addressField: { name: "phone", schema: phoneNumber },
  content: whatsappContent,
  template: z
    .strictObject({ text: z.string().min(1).optional(), providerTemplate: providerTemplate.optional() })
    .refine((content) => content.text ?? content.providerTemplate, "must have text or providerTemplate"),
  htmlFields: [],
  addressesOf: ({ addresses }) => (addresses.phone ? [addresses.phone] : []),
  maxAttempts: 6,
});
