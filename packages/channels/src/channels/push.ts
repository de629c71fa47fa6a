import { z } from "zod";
import { defineChannel } from "../channel";

const pushContent = z.strictObject({
  title: z.string().min(1).max(256),
  body: z.string().min(1).max(2048),
  /** Handed to the app as it is; FCM takes text values only. */
  data: z.record(z.string().min(1).max(64), z.string().max(1024)).optional(),
  imageUrl: z
    .url({ protocol: /^https$/, message: "must be an https URL" })
    .max(2048)
    .optional(),
  actionUrl: z.string().min(1).max(2048).optional(),
});
export type PushContent = z.infer<typeof pushContent>;

export const push = defineChannel<PushContent>({
  id: "push",
  addressField: { name: "deviceToken", schema: z.string().regex(/^[\w:.%+/=-]{8,1024}$/, "must be a device token") },
  content: pushContent,
  template: z.strictObject({
    title: z.string().min(1),
    body: z.string().min(1),
    data: z.record(z.string().min(1).max(64), z.string()).optional(),
    imageUrl: z.string().optional(),
    actionUrl: z.string().optional(),
  }),
  htmlFields: [],
  addressesOf: ({ addresses, deviceTokens }) => [
    ...new Set([...(addresses.deviceToken ? [addresses.deviceToken] : []), ...deviceTokens]),
  ],
  maxAttempts: 6,
});
