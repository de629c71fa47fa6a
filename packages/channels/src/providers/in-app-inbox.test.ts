import { expect, test } from "vitest";
import { inAppInbox } from "./in-app-inbox";

test("an item is sent as often as it is asked for, under the delivery's own key", async () => {
  const sender = await inAppInbox.connect({}, { outboundAllow: [] });
  const message = { channel: "in_app", to: "usr_1", content: { title: "T", body: "B" } };
  const options = { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal };
  const sent = { kind: "sent", providerMessageId: "dlv_1" };
  expect([await sender.send(message, options), await sender.send(message, options)]).toEqual([sent, sent]);
  expect(inAppInbox.honoursIdempotencyKey).toBe(true);
});
