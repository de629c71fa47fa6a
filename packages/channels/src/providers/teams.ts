import { z } from "zod";
import { chatWebhook } from "./chat-webhook";

const config = z.strictObject({
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Microsoft through a gateway of your own. Empty: Microsoft's own.",
    advanced: true,
  }),
});
type TeamsConfig = z.infer<typeof config>;

/** A connector that could not deliver says so under a status of 200. */
const failure = /endpoint returned HTTP error (\d{3})/;

/**
 * Chat over Microsoft Teams: workflows that start "when a Teams webhook request is received", and the connectors before
 * them. Both take an Adaptive Card, https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using.
 */
export const teams = chatWebhook<TeamsConfig>({
  id: "teams",
  name: "Microsoft Teams",
  config,
  payloadOf({ title, text, actionUrl }) {
    const heading = { type: "TextBlock", text: title, weight: "bolder", size: "medium", wrap: true };
    const card = {
      $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
      type: "AdaptiveCard",
      version: "1.4",
      body: [...(title ? [heading] : []), { type: "TextBlock", text, wrap: true }],
      ...(actionUrl && { actions: [{ type: "Action.OpenUrl", title: "Open", url: actionUrl }] }),
      msteams: { width: "Full" },
    };
    return {
      type: "message",
      attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", contentUrl: null, content: card }],
    };
  },
  read({ status, text, reason }) {
    const [, told] = (status < 300 && failure.exec(text)) || [];
    if (told === undefined) return null;
    return told === "429" || told.startsWith("5") ? { kind: "deferred", reason } : { kind: "rejected", reason };
  },
});
