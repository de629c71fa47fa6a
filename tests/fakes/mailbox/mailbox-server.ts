import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { chatProtocol } from "../chat-fake";
import { fcmProtocol } from "../fcm-fake";
import { type HttpProtocol, serve } from "../http-fake";
import { twilioProtocol } from "../twilio-fake";
import { webhookSinkProtocol } from "../webhook-sink";
import { type Content, catchChat, catchPush, catchTwilio, catchWebhook } from "./caught-message";
import type { Mailbox, MailboxMessage } from "./mailbox";
import { listPage, listPart, messagePage, type View } from "./mailbox-pages";

export interface MailboxServer {
  port: number;
  close(): Promise<void>;
}

/** Rows on the page; more are a search away. */
const pageSize = 100;
const maxLimit = 5_000;
/** Least pause between two calls for a browser to look again, in milliseconds. */
const renewEveryMs = 250;
const views: readonly View[] = ["preview", "text", "fields", "source"];
const messagePath = /^\/(api\/messages|messages)\/(\d+)(?:\/(html|attachments)(?:\/(\d+))?)?$/;

/**
 * One HTTP server for everything that is not SMTP: the fakes under /twilio, /fcm, /chat and /hooks, the page, and a small API
 * for scripts: `GET /api/messages?to=&channel=&limit=`, `GET /api/messages/{id}`, `DELETE /api/messages`.
 */
export async function serveMailbox(
  mailbox: Mailbox,
  port: number,
  host: string,
  smtpAddress: string,
): Promise<MailboxServer> {
  const protocols: [prefix: string, protocol: HttpProtocol][] = [
    ["/twilio", twilioProtocol((message) => mailbox.add(catchTwilio(message)))],
    ["/fcm", fcmProtocol((message) => mailbox.add(catchPush(message)))],
    ["/chat", chatProtocol((message) => mailbox.add(catchChat(message)))],
    ["/hooks", webhookSinkProtocol((message) => mailbox.add(catchWebhook(message)))],
  ];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://mailbox");
    const mounted = protocols.find(([prefix]) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`));
    if (mounted) return serve(mounted[1], request, response, mounted[0]);
    if (request.method === "DELETE" && url.pathname === "/api/messages") {
      mailbox.clear();
      return send(response, 204, "text/plain", "");
    }
    if (request.method !== "GET") return send(response, 405, "text/plain", "only GET here");
    if (url.pathname === "/") return sendList(url, request, response);
    if (url.pathname === "/events") return sendEvents(request, response);
    if (url.pathname === "/api/messages") return sendApiList(url, response);
    const [, area, id = "", part, index] = messagePath.exec(url.pathname) ?? [];
    const message = mailbox.get(id);
    if (!message) return send(response, 404, "text/plain", "Not here. The mailbox forgets when it is restarted.");
    const content = await message.content();
    if (area === "api/messages") return sendJson(response, detailOf(message, content));
    if (part === "html") return sendFrame(response, content);
    if (part === "attachments") return sendAttachment(response, content, Number(index));
    const view = views.find((known) => known === url.searchParams.get("view")) ?? "preview";
    const nonce = newNonce();
    sendPage(response, nonce, messagePage(message, content, view, nonce));
  }

  async function sendList(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const to = url.searchParams.get("to") ?? "";
    const channel = url.searchParams.get("channel") ?? "";
    const listed = mailbox.list({ to, channel }, pageSize);
    const messages = await Promise.all(listed.map(async (message) => ({ message, content: await message.content() })));
    const counts = mailbox.counts(to);
    const isEmpty = mailbox.list({}, 1).length === 0;
    const list = { messages, counts, to, channel, isEmpty, smtpAddress };
    if (request.headers["x-part"] === "list") return send(response, 200, "text/html", listPart(list));
    const nonce = newNonce();
    sendPage(response, nonce, listPage(list, nonce));
  }

  async function sendApiList(url: URL, response: ServerResponse): Promise<void> {
    const { to, channel, limit = "100" } = Object.fromEntries(url.searchParams);
    const count = Math.min(Math.max(1, Math.trunc(Number(limit)) || 1), maxLimit);
    const listed = mailbox.list({ to, channel }, count);
    sendJson(response, {
      data: await Promise.all(listed.map(async (message) => summaryOf(message, await message.content()))),
    });
  }

  /** Tells a browser to look again, not what changed, so that a flood costs it a few requests a second. */
  function sendEvents(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": hello\n\n");
    let timer: NodeJS.Timeout | undefined;
    const stop = mailbox.onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        response.write("data: changed\n\n");
      }, renewEveryMs);
    });
    request.on("close", () => {
      clearTimeout(timer);
      stop();
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, "text/plain", String(error));
      else response.destroy();
    });
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function summaryOf({ id, channel, at, from, to, sizeBytes }: MailboxMessage, { title }: Content) {
  return { id, channel, at, from, to, title, sizeBytes };
}

function detailOf(message: MailboxMessage, { attachments, ...content }: Content) {
  const files = attachments.map(({ filename, contentType, content: bytes }) => ({
    filename,
    contentType,
    sizeBytes: bytes.length,
    content: bytes.toString("base64"),
  }));
  return { ...summaryOf(message, { ...content, attachments }), ...content, attachments: files };
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    "content-type": type.startsWith("text/") ? `${type}; charset=utf-8` : type,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...headers,
  });
  response.end(body);
}

function newNonce(): string {
  return randomBytes(16).toString("base64");
}

function sendJson(response: ServerResponse, value: unknown): void {
  send(response, 200, "application/json", JSON.stringify(value));
}

function sendPage(response: ServerResponse, nonce: string, body: string): void {
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "img-src data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  send(response, 200, "text/html", body, { "content-security-policy": policy.join("; ") });
}

/** A stranger's HTML: no script runs, no form is sent, it has no origin; pictures may load, links open a page of their own. */
function sendFrame(response: ServerResponse, { html }: Content): void {
  const policy = [
    "sandbox allow-popups allow-popups-to-escape-sandbox",
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    "img-src data: http: https:",
    "font-src data:",
  ];
  send(response, 200, "text/html", `<base target="_blank">${html ?? ""}`, {
    "content-security-policy": policy.join("; "),
  });
}

function sendAttachment(response: ServerResponse, { attachments }: Content, index: number): void {
  const attachment = attachments[index];
  if (!attachment) {
    send(response, 404, "text/plain", "There is no such attachment.");
    return;
  }
  send(response, 200, "application/octet-stream", attachment.content, {
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(attachment.filename.toWellFormed())}`,
    "content-security-policy": "sandbox; default-src 'none'",
  });
}
