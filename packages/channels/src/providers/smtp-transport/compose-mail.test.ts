import { buffer } from "node:stream/consumers";
import { readMail } from "@tidings/tests/fakes/read-mail";
import { describe, expect, test } from "vitest";
import type { EmailContent } from "../../channels/email";
import { composeMail, type MailFrame } from "./compose-mail";

const frame = { to: "ann@example.com", from: "Acme <hello@acme.test>", idempotencyKey: "dlv_01h" };
async function compose(content: Partial<EmailContent>, more: Partial<MailFrame> = {}) {
  const { message, ...mail } = composeMail({ subject: "Hello", text: "Hi", ...content }, { ...frame, ...more });
  return { ...mail, message: Buffer.isBuffer(message) ? message : await buffer(message) };
}
const read = (content: Partial<EmailContent>) => compose(content).then(({ message }) => readMail(message));

describe("what is composed is what a mail reader shows", () => {
  test.each([
    ["plain", "Hello"],
    ["emoji", "Your order is on its way 🚚📦"],
    ["right to left", "مرحبا بك في المتجر، لقد تم شحن طلبك اليوم وسيصل غدا"],
    ["quotes and commas", 'The "best", really'],
    ["long", "word ".repeat(60).trim()],
    ["long and not Latin", "注文が発送されました".repeat(20)],
  ])("subject: %s", async (_name, subject) => {
    expect((await read({ subject })).subject).toBe(subject);
  });

  test.each([
    ["plain", "Hi Ann,\nbye"],
    ["dots at line starts", ".\n..\n.hidden\n"],
    ["lines of 2,000 characters", "x".repeat(2_000)],
    ["trailing blanks", "one \ntwo\t\nthree"],
    ["equals signs", "a=3D b=\nc"],
    ["emoji", "👩‍👩‍👧 family\n".repeat(30)],
    ["right to left", "مرحبا بك\n".repeat(30)],
    ["what looks like a boundary", "--=_\n--=_--\n"],
  ])("text and HTML: %s", async (_name, body) => {
    const mail = await read({ text: body, html: `<p>${body}</p>` });
    const shown = [mail.text, mail.html].map((part) => part?.replaceAll("\r\n", "\n").trimEnd());
    expect(shown).toEqual([body.trimEnd(), `<p>${body}</p>`]);
  });

  test("text comes before HTML, so that the richest is shown last", async () => {
    const raw = (await compose({ text: "T", html: "<b>H</b>" })).message.toString();
    expect(raw.indexOf("text/plain")).toBeGreaterThan(0);
    expect(raw.indexOf("text/plain")).toBeLessThan(raw.indexOf("text/html"));
  });

  test.each([
    ["Ann <a@b.test>", { name: "Ann", address: "a@b.test" }],
    ["a@b.test", { name: "", address: "a@b.test" }],
    ['"Ann, Ltd" <a@b.test>', { name: "Ann, Ltd", address: "a@b.test" }],
    ["Ann, Ltd <a@b.test>", { name: "Ann, Ltd", address: "a@b.test" }],
    ["Zoë & Søn <a@b.test>", { name: "Zoë & Søn", address: "a@b.test" }],
    ["店 <a@b.test>", { name: "店", address: "a@b.test" }],
  ])("sender %s", async (from, expected) => {
    const { from: shown, replyTo } = await read({ from, replyTo: from });
    expect(shown).toMatchObject(expected);
    expect(replyTo).toMatchObject([expected]);
  });

  test("attachments keep their bytes and their names", async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 256));
    const names = ["report.pdf", "Übersicht, endgültig.pdf", 'a "b".pdf', `${"long".repeat(40)}.pdf`];
    const { attachments, text } = await read({
      attachments: names.map((filename) => ({
        filename,
        contentType: "application/pdf",
        content: bytes.toString("base64"),
      })),
    });
    expect(attachments.map(({ filename }) => filename)).toEqual(names);
    for (const { content, mimeType, disposition } of attachments) {
      expect(Buffer.from(content as ArrayBuffer)).toEqual(bytes);
      expect([mimeType, disposition]).toEqual(["application/pdf", "attachment"]);
    }
    expect(text?.trim()).toBe("Hi");
  });

  test.each(["application/pdf", "text/plain"])("a large one of type %s keeps them too", async (type) => {
    const bytes = Buffer.from("Subject: a\r\n\r\nline\r\n".repeat(10_000));
    const attachment = { filename: "a.bin", contentType: type, content: bytes.toString("base64") };
    const { attachments } = await read({ attachments: [attachment] });
    expect(Buffer.from(attachments[0]?.content as ArrayBuffer).equals(bytes)).toBe(true);
  });

  test("own headers, long ones too", async () => {
    const link = `<https://acme.test/unsubscribe?token=${"x".repeat(300)}>`;
    const { headers } = await read({ headers: { "List-Unsubscribe": link, "X-Note": "naïve" } });
    const values = Object.fromEntries(headers.map(({ key, value }) => [key, value]));
    expect(values).toMatchObject({ "list-unsubscribe": link, "x-note": "=?UTF-8?Q?na=C3=AFve?=" });
  });
});

test("no line is longer than SMTP allows and every line ends in CRLF", async () => {
  const { message } = await compose({
    subject: "s".repeat(900),
    text: "t".repeat(5_000),
    html: `<p>${"ü".repeat(5_000)}</p>\n<p>\r\n</p>\r`,
    headers: { "X-A": "a b ".repeat(200).trim() },
    attachments: [{ filename: "f.bin", contentType: "application/x", content: "AAAA".repeat(500) }],
  });
  const text = message.toString();
  expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  for (const line of text.split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
});

test("a recipient's domain is written in its ASCII form, in envelope and header", async () => {
  const { envelope, message } = await compose({}, { to: "ann@bücher.test" });
  expect(envelope).toEqual({ from: "hello@acme.test", to: ["ann@xn--bcher-kva.test"] });
  expect((await readMail(message)).to).toMatchObject([{ address: "ann@xn--bcher-kva.test" }]);
});

test("the same delivery has the same Message-ID every time, in the sender's domain", async () => {
  const first = await compose({ from: "Shop <hi@shop.test>" });
  const again = await compose({ from: "Shop <hi@shop.test>", subject: "Other" });
  expect(first.messageId).toBe("dlv_01h@shop.test");
  expect(again.messageId).toBe(first.messageId);
  expect((await readMail(first.message)).messageId).toBe("<dlv_01h@shop.test>");
});
