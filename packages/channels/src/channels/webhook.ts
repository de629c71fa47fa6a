import { z } from "zod";
import { defineChannel } from "../channel";

const webhookContent = z.strictObject({ payload: z.record(z.string(), z.unknown()) });
export type WebhookContent = z.infer<typeof webhookContent>;

export const webhook = defineChannel<WebhookContent>({
  id: "webhook",
  addressField: {
    name: "url",
    schema: z.url({ protocol: /^https?$/, message: "must be an http or https URL" }).max(2048),
  },
  content: webhookContent,
  template: webhookContent,
  htmlFields: [],
  addressesOf: ({ addresses }) => (addresses.url ? [addresses.url] : []),
  maxAttempts: 8,
});
