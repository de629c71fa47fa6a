import { z } from "zod";
import { defineChannel } from "../channel";

const chatContent = z.strictObject({
  /** Markdown as far as all of them know it: bold, italics, code, lists, links. */
  text: z.string().min(1).max(4000),
  title: z.string().min(1).max(256).optional(),
  /** Where the message leads to. */
  actionUrl: z
    .url({ protocol: /^https?$/, message: "must be an http or https URL" })
    .max(2048)
    .optional(),
});
export type ChatContent = z.infer<typeof chatContent>;

export type ChatProduct = "slack" | "discord" | "teams";

/** Where each product takes its incoming webhooks, as `host/path`. Teams: workflows, and the connectors before them. */
const webhooks: readonly [ChatProduct, RegExp][] = [
  ["slack", /^hooks\.slack\.com\/services\/./],
  ["discord", /^(?:(?:ptb|canary)\.)?(?:discord|discordapp)\.com\/api\/(?:v\d+\/)?webhooks\/[\w-]+(?:\/[\w-]+)?$/],
  ["teams", /^[\w-]+\.webhook\.office\.com\/./],
  ["teams", /^(?:[\w-]+\.)+(?:logic\.azure|powerplatform)\.com\/.*workflows\/./],
];

/** The product that a webhook's URL belongs to; null when it is none's. */
export function chatProductOf(text: string): ChatProduct | null {
  if (!URL.canParse(text)) return null;
  const { protocol, username, password, hostname, port, pathname } = new URL(text);
  if (protocol !== "https:" || username || password || port) return null;
  return webhooks.find(([, place]) => place.test(hostname + pathname))?.[0] ?? null;
}

export const chat = defineChannel<ChatContent>({
  id: "chat",
  addressField: {
    name: "chatUrl",
    schema: z
      .string()
      .max(2_048) // what Postgres can index
      .refine(chatProductOf, "must be the https URL of an incoming webhook of Slack, Discord or Microsoft Teams")
      .transform((url) => new URL(url).href)
      .meta({ description: "The URL of an incoming webhook of Slack, Discord or Microsoft Teams; a secret" }),
  },
  content: chatContent,
  template: z.strictObject({
    text: z.string().min(1),
    title: z.string().min(1).optional(),
    actionUrl: z.string().min(1).optional(),
  }),
  htmlFields: [],
  addressesOf: ({ addresses }) => (addresses.chatUrl ? [addresses.chatUrl] : []),
  maxAttempts: 6,
});
