import { afterEach, beforeEach, expect, test } from "vitest";
import { catchMail } from "./caught-message";
import { createMailbox, type Mailbox } from "./mailbox";
import { type MailboxServer, serveMailbox } from "./mailbox-server";

let mailbox: Mailbox;
let server: MailboxServer;
let url: string;
beforeEach(async () => {
  mailbox = createMailbox();
  server = await serveMailbox(mailbox, 0, "127.0.0.1", "127.0.0.1:1025");
  url = `http://127.0.0.1:${server.port}`;
});
afterEach(() => server.close());

const hostile = `<script>alert(1)</script>"'&`;

function catchOne({ subject = "Hello", html = "<p>Hi</p>", to = "ann@example.com" } = {}) {
  const raw = [
    "From: hello@acme.test",
    `To: ${to}`,
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Type: text/html; charset=utf-8",
    "",
    html,
    "--b",
    "Content-Type: text/html",
    'Content-Disposition: attachment; filename="e vil.html"',
    "",
    "<script>alert(1)</script>",
    "--b--",
    "",
  ].join("\r\n");
  mailbox.add(catchMail({ messageId: "m", from: "hello@acme.test", to: [to], raw: Buffer.from(raw) }));
}

const page = async (path: string, headers: Record<string, string> = {}) =>
  (await fetch(url + path, { headers })).text();

test("everything shown is escaped: lists, messages, their fields, their source, and what was searched for", async () => {
  catchOne({ subject: hostile, to: `"${hostile}"@example.com`, html: hostile });
  await fetch(`${url}/hooks/x`, { method: "POST", body: hostile, headers: { "x-test": hostile } });
  const paths = ["/", "/?to=script", `/?to=${encodeURIComponent(hostile)}&channel=${encodeURIComponent(hostile)}`];
  for (const id of [1, 2])
    paths.push(...["preview", "text", "fields", "source"].map((view) => `/messages/${id}?view=${view}`));
  for (const path of paths) {
    const shown = await page(path);
    expect(shown).toContain("Tidings");
    expect(shown).not.toContain("<script>alert");
    expect(shown).not.toContain(`"'&"`);
  }
  expect(await page("/")).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});

test("a page runs our own script only, and loads nothing from elsewhere", async () => {
  catchOne();
  for (const path of ["/", "/messages/1"]) {
    const { headers } = await fetch(url + path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/default-src 'none'.*script-src 'nonce-[^']+'/);
    expect(policy).not.toContain("unsafe");
    expect(await page(path)).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  }
});

test("a mail's HTML is shown in a sandbox, as itself", async () => {
  catchOne({ html: "<h1>Welcome</h1><script>alert(1)</script>" });
  expect(await page("/messages/1")).toMatch(/<iframe[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  const { headers } = await fetch(`${url}/messages/1/html`);
  expect(headers.get("content-security-policy")).toMatch(/^sandbox allow-popups .*default-src 'none'/);
  expect(await page("/messages/1/html")).toContain("<h1>Welcome</h1>");
});

test("an attachment is downloaded, whatever it is", async () => {
  catchOne();
  const answer = await fetch(`${url}/messages/1/attachments/0`);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": "attachment; filename*=UTF-8''e%20vil.html",
    "x-content-type-options": "nosniff",
  });
  expect((await answer.text()).trim()).toBe("<script>alert(1)</script>");
  expect((await fetch(`${url}/messages/1/attachments/1`)).status).toBe(404);
});

test("a script reads, finds and clears messages", async () => {
  catchOne({ to: "ann@example.com" });
  catchOne({ to: "bob@example.com", subject: "Second" });
  const read = async (path: string) => (await fetch(url + path)).json() as Promise<Record<string, unknown>>;
  expect(await read("/api/messages?limit=1")).toMatchObject({ data: [{ id: "2", title: "Second", channel: "email" }] });
  expect(await read("/api/messages?to=ann&channel=email")).toMatchObject({
    data: [{ id: "1", to: ["ann@example.com"] }],
  });
  expect(await read("/api/messages?channel=sms")).toEqual({ data: [] });
  expect(await read("/api/messages/2")).toMatchObject({
    title: "Second",
    html: expect.stringContaining("<p>Hi</p>"),
    source: expect.stringContaining("Subject: Second"),
    attachments: [{ filename: "e vil.html", sizeBytes: expect.any(Number) }],
  });
  expect((await fetch(`${url}/api/messages`, { method: "DELETE" })).status).toBe(204);
  expect(await read("/api/messages")).toEqual({ data: [] });
  for (const path of ["/api/messages/2", "/messages/2", "/nowhere"]) expect((await fetch(url + path)).status).toBe(404);
  expect((await fetch(url, { method: "POST" })).status).toBe(405);
});

test("SMS, WhatsApp, push, chat and webhooks are caught too", async () => {
  const form = (fields: Record<string, string>) => ({
    method: "POST",
    headers: { authorization: `Basic ${btoa("AC1:t")}`, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
  const twilio = `${url}/twilio/2010-04-01/Accounts/AC1/Messages.json`;
  await fetch(twilio, form({ To: "+14155550123", From: "+14155550100", Body: "Your code is 123456" }));
  await fetch(twilio, form({ To: "whatsapp:+14155550124", From: "whatsapp:+14155550100", Body: "Hallo" }));
  await fetch(`${url}/fcm/v1/projects/acme/messages:send`, {
    method: "POST",
    headers: { authorization: "Bearer fake-access-token.x" },
    body: JSON.stringify({ message: { token: "device-1", notification: { title: "Shipped", body: "Soon" } } }),
  });
  await fetch(`${url}/hooks/orders`, { method: "POST", body: '{"a":1}' });
  await fetch(`${url}/chat/services/T0/B0/x`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"text":"Shipped"}',
  });
  const { data } = (await (await fetch(`${url}/api/messages`)).json()) as { data: Record<string, unknown>[] };
  expect(data.map(({ channel, to, title }) => [channel, to, title])).toEqual([
    ["chat", ["/services/T0/B0/x"], "Shipped"],
    ["webhook", ["/orders"], "POST /orders"],
    ["push", ["device-1"], "Shipped"],
    ["whatsapp", ["+14155550124"], "Hallo"],
    ["sms", ["+14155550123"], "Your code is 123456"],
  ]);
  for (const { id } of data) expect((await fetch(`${url}/messages/${id}`)).status).toBe(200);
});

test("a browser is told of new messages, in one call for many", async () => {
  const abort = new AbortController();
  const { body, headers } = await fetch(`${url}/events`, { signal: abort.signal });
  expect(headers.get("content-type")).toBe("text/event-stream");
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe(": hello\n\n");
  for (let count = 0; count < 50; count++) catchOne();
  expect((await reader.read()).value).toBe("data: changed\n\n");
  expect(await page("/", { "x-part": "list" })).toMatch(/^<header.*Email <b>50<\/b>/s);
  abort.abort();
});

test("an empty mailbox says what it is for", async () => {
  expect(await page("/")).toContain("127.0.0.1:1025");
  catchOne();
  expect(await page("/?to=nobody")).toContain("Nothing found");
});
