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
