import { z } from "zod";
import { defineChannel } from "../channel";
import { readWebPushSubscription } from "./web-push-subscription";

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

const deviceToken = z
  .string()
  .max(4096)
  .transform((text, context) => {
    if (!text.startsWith("{")) {
      if (/^[\w:.%+/=-]{8,1024}$/.test(text)) return text;
      context.addIssue("must be a device token, or a web push subscription as JSON");
      return z.NEVER;
    }
    const read = readWebPushSubscription(text);
    if ("canonical" in read) return read.canonical;
    context.addIssue(`must be a device token, or a web push subscription as JSON; ${read.fault}`);
    return z.NEVER;
  })
  .meta({ description: "A token that FCM or APNs gave an app, or a browser's push subscription as JSON" });

/**
 * The push service that an address belongs to. Apple's tokens are 32 bytes or more in hexadecimal, which no token of FCM is.
 */
export function pushServiceOf(address: string): "apns" | "fcm" | "web-push" {
  if (address.startsWith("{")) return "web-push";
  return /^(?:[0-9a-f]{2}){32,}$/i.test(address) ? "apns" : "fcm";
}

export const push = defineChannel<PushContent>({
  id: "push",
  addressField: { name: "deviceToken", schema: deviceToken },
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
