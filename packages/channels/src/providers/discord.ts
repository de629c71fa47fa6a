import { z } from "zod";
import type { SendOutcome } from "../provider";
import { chatWebhook } from "./chat-webhook";
import type { PostAnswer } from "./guarded-post";
import { jsonOf } from "./receipt-body";

const config = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(80)
    .regex(/^(?!.*(?:clyde|discord))/i, "must not hold clyde or discord")
    .optional()
    .meta({ title: "Name to post under", description: "Empty: the webhook's own." }),
  avatarUrl: z
    .url({ protocol: /^https$/, message: "must be an https URL" })
    .optional()
    .meta({ title: "Picture", description: "URL of one to post under. Empty: the webhook's own." }),
  apiUrl: z.url().optional().meta({
    title: "API address",
    description: "Only where you reach Discord through a gateway of your own. Empty: Discord's own.",
    advanced: true,
  }),
});
type DiscordConfig = z.infer<typeof config>;

/** Longest text of a message outside an embed. */
const maxContent = 2_000;

/** Chat over Discord's webhooks, https://docs.discord.com/developers/resources/webhook#execute-webhook. */
export const discord = chatWebhook<DiscordConfig>({
  id: "discord",
  name: "Discord",
  config,
  /** Waits until the message is there, and is told its id. */
  urlOf(address) {
    const url = new URL(address);
    url.searchParams.set("wait", "true");
    return url.href;
  },
  payloadOf({ title, text, actionUrl }, { name, avatarUrl }) {
    const isPlain = title === undefined && actionUrl === undefined && text.length <= maxContent;
    // An embed's URL is its title's.
    const embed = { title: title ?? actionUrl, description: text, url: actionUrl };
    return {
      ...(isPlain ? { content: text } : { embeds: [embed] }),
      ...(name && { username: name }),
      ...(avatarUrl && { avatar_url: avatarUrl }),
      allowed_mentions: { parse: ["users", "roles"] }, // nobody wakes everybody by what a variable holds
    };
  },
  read: outcomeOf,
});

const message = z.object({ id: z.string().min(1) });
const problem = z.object({
  code: z.number().optional(),
  message: z.string().optional(),
  /** Seconds, with decimals. */
  retry_after: z.number().nonnegative().optional(),
});
/** The webhook is there, but its URL's token is not its own. */
const invalidWebhookToken = 50027;

function outcomeOf({ status, text, reason }: PostAnswer): SendOutcome | null {
  const body = jsonOf(text);
  if (status < 300) {
    const sent = message.safeParse(body);
    return sent.success ? { kind: "sent", providerMessageId: sent.data.id } : null;
  }
  const { code, message: words, retry_after: seconds } = problem.safeParse(body).data ?? {};
  if (status === 429 && seconds !== undefined) {
    return { kind: "deferred", reason: `429 ${words ?? ""}`.trim(), retryAfterMs: Math.ceil(seconds * 1_000) };
  }
  return code === invalidWebhookToken ? { kind: "rejected", reason, addressDead: true } : null;
}
