import { z } from "zod";
import { defineChannel } from "../channel";

const webhookContent = z.strictObject({ payload: z.record(z.string(), z.unknown()) });
export type WebhookContent = z.infer<typeof webhookContent>;

export const webhook = defineChannel<WebhookContent>({
  id: "webhook",
  addressField: {
    name: "url",
    // What Postgres can index: 2,704 bytes with the tenant beside it.
    schema: z
      .url({ protocol: /^https?$/, message: "must be an http or https URL" })
      .refine((url) => new TextEncoder().encode(url).length <= 2_048, "must have at most 2048 bytes"),
  },
  content: webhookContent,
  template: webhookContent,
  htmlFields: [],
  addressesOf: ({ addresses }) => (addresses.url ? [addresses.url] : []),
  maxAttempts: 8,
});
