import { randomInt } from "node:crypto";
import {
  type FakeOptions,
  type HttpAnswer,
  type HttpFake,
  type HttpProtocol,
  type HttpRequest,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";

/** A message that an incoming webhook accepted. */
export interface ChatMessage {
  product: "slack" | "discord" | "teams";
  /** The webhook's path. */
  path: string;
  title: string;
  text: string;
  /** What was posted. */
  payload: Record<string, unknown>;
}

/**
 * The incoming webhooks of Slack, Discord and Teams, told apart by their paths. A path with `gone` in it is a webhook that
 * was removed. Discord answers with the message when asked to wait, as the query `wait=true` does.
 */
export function chatProtocol(onMessage?: (message: ChatMessage) => void): HttpProtocol {
  return httpProtocol(({ script, tally }) => (request) => {
    const product = productOf(request.path);
    if (request.method !== "POST" || !product) return { status: 404, body: "no such webhook" };
    return meet(script, () => {
      if (request.path.includes("gone")) return removed[product];
      const payload = payloadOf(request);
      const read = payload && readers[product](payload);
      if (!payload || !read) return malformed[product];
      tally.add(read.text);
      onMessage?.({ product, path: request.path, ...read, payload });
      return accepted(product, request, payload);
    });
  });
}

export function createChatFake({ port, onMessage }: FakeOptions<ChatMessage> = {}): Promise<HttpFake> {
  return listenHttp(chatProtocol(onMessage), port);
}

function productOf(path: string): ChatMessage["product"] | null {
  if (/^\/services\/./.test(path)) return "slack";
  if (/^\/api\/(?:v\d+\/)?webhooks\/./.test(path)) return "discord";
  return /^\/(?:workflows|powerautomate|webhookb2)\/./.test(path) ? "teams" : null;
}

function payloadOf({ headers, body }: HttpRequest): Record<string, unknown> | null {
  if (!headers["content-type"]?.startsWith("application/json")) return null;
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>;
  } catch {
    return null; // malformed: refused in the product's words
  }
}

interface Embed {
  title?: string;
  description?: string;
}
interface Attachment {
  contentType?: string;
  content?: { type?: string; body?: { type?: string; text?: string; weight?: string }[] };
}
type Reader = (payload: Record<string, unknown>) => { title: string; text: string } | null;

/** What each product would show; null when it takes no such payload. */
const readers: Record<ChatMessage["product"], Reader> = {
  slack: ({ text }) => (typeof text === "string" && text !== "" ? { title: "", text } : null),
  discord({ content, embeds = [] }) {
    const [embed] = embeds as Embed[];
    if (typeof content === "string") return content.length <= 2_000 ? { title: "", text: content } : null;
    return embed?.description ? { title: embed.title ?? "", text: embed.description } : null;
  },
  teams({ type, attachments = [] }) {
    const [attachment] = attachments as Attachment[];
    const isCard = attachment?.contentType === "application/vnd.microsoft.card.adaptive";
    if (type !== "message" || !isCard || attachment.content?.type !== "AdaptiveCard") return null;
    const blocks = attachment.content.body ?? [];
    const heading = blocks.find(({ weight }) => weight === "bolder");
    return { title: heading?.text ?? "", text: blocks.find((block) => block !== heading)?.text ?? "" };
  },
};

/** What each says of a webhook that was removed. */
const removed: Record<ChatMessage["product"], HttpAnswer> = {
  slack: { status: 404, body: "no_service" },
  discord: { status: 404, body: { message: "Unknown Webhook", code: 10015 } },
  teams: { status: 404, body: { error: { code: "WorkflowNotFound", message: "The workflow could not be found." } } },
};

const malformed: Record<ChatMessage["product"], HttpAnswer> = {
  slack: { status: 400, body: "invalid_payload" },
  discord: { status: 400, body: { message: "Cannot send an empty message", code: 50006 } },
  teams: {
    status: 400,
    body: { error: { code: "InvalidRequestContent", message: "The request content is not valid." } },
  },
};

function accepted(product: ChatMessage["product"], { query }: HttpRequest, payload: object): HttpAnswer {
  if (product === "slack") return { status: 200, body: "ok" };
  if (product === "teams") return { status: 202 };
  if (query.get("wait") !== "true") return { status: 204 };
  return { status: 200, body: { id: String(randomInt(1e12, 2e12)), type: 0, ...payload } };
}
