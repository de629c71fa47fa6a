import { createHmac, randomBytes } from "node:crypto";
import { type ApiMail, headerEntry } from "./api-mail";
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
import { type CallOptions, jsonCall, type MailEvent, type ToldMail } from "./mail-event";
import type { VendorCall } from "./vendor-call";

export interface MailgunFakeOptions extends FakeOptions<ApiMail> {
  apiKey?: string;
  domain?: string;
  /** Whether the key is a domain's sending key, which may do nothing but send. */
  sendingOnly?: boolean;
}

/** What the fake knows unless it is told otherwise. */
export const mailgunAccount = { apiKey: "key-0123456789", domain: "mg.acme.test" };

/** Mailgun's messages and domains, https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun. Counts by Message-ID. */
export function mailgunProtocol(options: MailgunFakeOptions = {}): HttpProtocol {
  const { apiKey = mailgunAccount.apiKey, domain = mailgunAccount.domain, sendingOnly = false, onMessage } = options;
  const authorization = `Basic ${Buffer.from(`api:${apiKey}`).toString("base64")}`;
  return httpProtocol(({ script, tally }) => async (request) => {
    if (request.headers.authorization !== authorization) return { status: 401, body: "Forbidden" };
    if (request.method === "GET" && request.path.startsWith("/v4/domains/")) {
      if (sendingOnly) return { status: 401, body: "Forbidden" };
      if (request.path !== `/v4/domains/${domain}`) return problem(404, "Domain not found");
      return { status: 200, body: { domain: { name: domain, state: "active" } } };
    }
    const [, named] = /^\/v3\/([^/]+)\/messages$/.exec(request.path) ?? [];
    if (request.method !== "POST" || !named) return problem(404, "Not Found");
    if (named !== domain) return problem(404, `Domain not found: ${named}`);
    const mail = await mailOf(request, domain);
    // An empty message is what a key is asked with, not a send.
    if ("status" in mail) return mail;
    return meet(script, () => {
      tally.add(mail.headers["message-id"] ?? "");
      onMessage?.(mail);
      return { status: 200, body: { id: mail.id, message: "Queued. Thank you." } };
    });
  });
}

export function createMailgunFake(options: MailgunFakeOptions = {}): Promise<HttpFake> {
  return listenHttp(mailgunProtocol(options), options.port);
}

/** An answer as Mailgun words its refusals. */
export function problem(status: number, message: string, headers: Record<string, string> = {}): HttpAnswer {
  return { status, headers, body: { message } };
}

async function mailOf({ body, headers }: HttpRequest, domain: string): Promise<ApiMail | HttpAnswer> {
  const type = String(headers["content-type"] ?? "");
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)/.test(type))
    return problem(400, "from parameter is missing");
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  const text = (name: string) => String(form.get(name) ?? "");
  for (const name of ["from", "to"]) {
    if (!text(name)) return problem(400, `${name} parameter is missing`);
  }
  if (!/^[^@\s]+@[^@\s]+$/.test(text("to")))
    return problem(400, "to parameter is not a valid address. please check documentation");
  if (!text("text") && !text("html"))
    return problem(400, "Need at least one of 'text', 'html', 'amp-html' or 'template' parameters specified");
  const own = [...form.keys()].filter((name) => name.startsWith("h:"));
  const messageId = text("h:Message-Id") || `<${randomBytes(8).toString("hex")}@${domain}>`;
  const files = form.getAll("attachment").filter((one): one is File => one instanceof File);
  return {
    id: messageId,
    from: text("from"),
    to: text("to"),
    replyTo: text("h:Reply-To"),
    subject: text("subject"),
    text: text("text"),
    html: text("html"),
    headers: Object.fromEntries(own.map((name) => headerEntry(name.slice(2), text(name)))),
    attachments: await Promise.all(
      files.map(async (file) => ({
        filename: file.name,
        contentType: file.type,
        content: Buffer.from(await file.arrayBuffer()),
      })),
    ),
  };
}

/** An event as Mailgun posts it, signed. */
export function mailgunCall(
  event: unknown,
  signingKey: string,
  { url, atMs = Date.now() }: CallOptions = {},
): VendorCall {
  const timestamp = String(Math.floor(atMs / 1000));
  const token = randomBytes(25).toString("hex");
  const signature = createHmac("sha256", signingKey)
    .update(timestamp + token)
    .digest("hex");
  return jsonCall({ signature: { timestamp, token, signature }, "event-data": event }, {}, url);
}

/** https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure */
export function mailgunEvent(event: MailEvent, { id, to }: ToldMail): Record<string, unknown> {
  const base = {
    id: `evt-${event}-${id}`,
    timestamp: 1_777_636_800.25,
    recipient: to,
    message: { headers: { "message-id": id, to, from: "hello@acme.test" } },
  };
  const status = { "delivery-status": { code: 550, message: "5.1.1 unknown", description: "" } };
  const said = {
    delivered: { event: "delivered", "delivery-status": { code: 250, message: "OK", description: "" } },
    bounced_hard: { event: "failed", severity: "permanent", reason: "bounce", ...status },
    bounced_soft: { event: "failed", severity: "permanent", reason: "generic", ...status },
    complained: { event: "complained" },
    opened: { event: "opened" },
    clicked: { event: "clicked", url: "https://acme.test/offer" },
    unsubscribed: { event: "unsubscribed" },
    delayed: { event: "failed", severity: "temporary", reason: "greylisted", ...status },
  };
  return { ...base, ...said[event] };
}
