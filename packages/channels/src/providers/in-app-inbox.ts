import { z } from "zod";
import { defineProvider } from "../provider";

/**
 * The inbox Tidings keeps itself. Nothing is sent here: the report stage writes the inbox row in the transaction that
 * records this outcome, so an item appears exactly when its delivery is SENT, and once however often this runs.
 */
export const inAppInbox = defineProvider({
  id: "in_app",
  name: "Inbox",
  channels: ["in_app"],
  config: z.strictObject({}),
  honoursIdempotencyKey: true,
  async connect() {
    return {
      send: async (_message, { idempotencyKey }) => ({ kind: "sent", providerMessageId: idempotencyKey }),
    };
  },
});
