import { z } from "zod";
import { defineChannel } from "../channel";

const inAppContent = z.strictObject({
  title: z.string().min(1).max(256),
  body: z.string().min(1).max(4096),
  actionUrl: z.string().min(1).max(2048).optional(),
  data: z.record(z.string().min(1).max(64), z.unknown()).optional(),
});
export type InAppContent = z.infer<typeof inAppContent>;

export const inApp = defineChannel<InAppContent>({
  id: "in_app",
  // An inbox belongs to a person, so its address is the recipient's own id.
  addressField: { name: "id", schema: z.string().min(1).max(128) },
  content: inAppContent,
  template: z.strictObject({
    title: z.string().min(1),
    body: z.string().min(1),
    actionUrl: z.string().optional(),
    data: z.record(z.string().min(1).max(64), z.unknown()).optional(),
  }),
  htmlFields: [],
  addressesOf: ({ id }) => (id ? [id] : []),
  maxAttempts: 6,
});
