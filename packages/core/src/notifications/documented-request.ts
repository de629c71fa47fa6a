import { channels } from "@tidings/channels/registry";
import { z } from "zod";
import { maxBatchItems, notificationBody } from "./notification-request";

/** `EmailContent`, `InAppContent`, … by channel id. */
const contents = Object.fromEntries(
  [...channels.values()].map(({ id, content }) => [id, content.meta({ id: `${pascalCase(id)}Content` })]),
);

const contentByChannel = z
  .strictObject(Object.fromEntries(Object.entries(contents).map(([id, content]) => [id, content.optional()])))
  .meta({ id: "ContentByChannel", description: "What to say on each of several channels" });

/**
 * `notificationBody` as the reference shows it: with the content of every channel spelled out. The request itself is
 * checked against the one schema that applies, so that its faults are about the channel the caller meant.
 */
export const documentedNotification = notificationBody
  .extend({
    content: z
      .union([...Object.values(contents), contentByChannel])
      .optional()
      .meta({ description: "What to say on the one `channel`, or by channel when none is named" }),
  })
  .meta({ id: "NotificationRequest" });

/** `notificationBatchBody` as the reference shows it. */
export const documentedBatch = z
  .strictObject({ notifications: z.array(documentedNotification).min(1).max(maxBatchItems) })
  .meta({ id: "NotificationBatchRequest" });

const direct = {
  channel: "email",
  recipient: { email: "ann@example.com" },
  content: { subject: "Hello", html: "<h1>Welcome</h1>" },
};
const fromTemplate = {
  template: "order_shipped",
  recipient: { id: "usr_42" },
  channels: ["in_app", "push", "email"],
  data: { orderId: "ord_abc123", carrier: "FedEx" },
  priority: "high",
  sendAt: null,
};

/** The two requests a tenant starts with. */
export const notificationExamples = {
  direct: { summary: "Content sent directly, to a raw address", value: direct },
  template: { summary: "A template with data, to a stored recipient", value: fromTemplate },
};
export const batchExamples = {
  batch: { summary: "Two notifications in one request", value: { notifications: [direct, fromTemplate] } },
};

function pascalCase(id: string): string {
  return id.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
