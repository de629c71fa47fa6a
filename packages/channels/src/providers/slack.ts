import { z } from "zod";
import type { ChatContent } from "../channels/chat";
import { chatWebhook } from "./chat-webhook";

const config = z.strictObject({
  name: z.string().min(1).max(80).optional().meta({
    title: "Name to post under",
    description: "Only webhooks from before Slack's apps heed it; an app posts as itself.",
  }),
  avatarUrl: z
    .url({ protocol: /^https$/, message: "must be an https URL" })
    .optional()
    .meta({ title: "Picture", description: "URL of one to post under. Heeded as the name is." }),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Slack through a gateway of your own. Empty: Slack's own.",
    advanced: true,
  }),
});
type SlackConfig = z.infer<typeof config>;

/**
 * Chat over Slack's incoming webhooks, https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks.
 * Not through @slack/webhook: it drops Retry-After and reads answers of any size.
 */
export const slack = chatWebhook<SlackConfig>({
  id: "slack",
  name: "Slack",
  config,
  payloadOf: ({ title, text, actionUrl }, { name, avatarUrl }) => ({
    text: [title && `*${escaped(title)}*`, mrkdwn(text), actionUrl && `<${escaped(actionUrl)}>`]
      .filter(Boolean)
      .join("\n"),
    ...(name && { username: name }),
    ...(avatarUrl && { icon_url: avatarUrl }),
  }),
});

/** Markdown's links and bold as Slack's own markup has them; webhooks take no block of real Markdown. */
function mrkdwn(text: ChatContent["text"]): string {
  return escaped(text)
    .replace(/\[([^\]\n]+)\]\((https?:[^\s)]+)\)/g, "<$2|$1>")
    .replace(/\*\*([^*\n]+)\*\*/g, "*$1*");
}

/** The three characters that Slack reads as markup, mentions of everybody among it. */
function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
