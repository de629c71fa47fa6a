import { buffer } from "node:stream/consumers";
import { readMail } from "@tidings/tests/fakes/read-mail";
import { describe, expect, test } from "vitest";
import { buildMail } from "./build-mail";
import { type OutgoingMail, type WrittenMail, writeMail } from "./write-mail";

const plain = { from: "Acme <hello@acme.test>", to: "ann@example.com", messageId: "dlv_1@acme.test", subject: "Hello" };

/** What a reader shows of a mail as a server gets it, with every line end as one. */
async function shown({ envelope, message }: WrittenMail) {
  const bytes = Buffer.isBuffer(message) ? message : await buffer(message);
  const mail = await readMail(Buffer.from(bytes.toString("latin1").replace(/\r\n|\r|\n/g, "\r\n"), "latin1"));
  const { from, to, replyTo, subject, messageId, text, html, attachments } = mail;
  const own = mail.headers.filter(({ key }) => /^(?:x|list)-/.test(key)).map(({ key, value }) => [key, value]);
  const [shownText, shownHtml] = [text, html].map((part = "") => part.replace(/\r\n|\r/g, "\n").replace(/\n+$/, ""));
  return { envelope, from, to, replyTo, subject, messageId, own, text: shownText, html: shownHtml, attachments };
}

const subjects = [
  "Hello",
  " blanks  within and around ",
  "Your order is on its way 🚚📦",
  "مرحبا بك في المتجر، لقد تم شحن طلبك اليوم",
  'The "best", really; a=b?c_d',
  "=?utf-8?Q?already?= and =?utf-8?X?not?=",
  `${"word ".repeat(60)}end`,
  "注文が発送されました".repeat(20),
  "👩‍👩‍👧".repeat(40),
  "Hi\r\nBcc: eve@example.com\r\n\r\nBody",
];

const senders = [
  "a@b.test",
  "<a@b.test>",
  "Ann <a@b.test>",
  "Ann B. O'Neil <a@b.test>",
  "Ann, Ltd <a@b.test>",
  '"Ann, \\"the\\" Boss" <a@b.test>',
  "Zoë & Søn <a@b.test>",
  "Ångström Größe <ann+tag@bücher.test>",
  "店舗からのお知らせ <a@b.test>",
  "مرحبا <a@b.test>",
  `${"Very Long Name ".repeat(10)}<a@b.test>`,
  "Jos\u0065\u0301 <josé@b.test>",
];

const bodies = [
  "Hi Ann,\nbye",
  ".\n..\n.hidden\n\n.",
  "x".repeat(2_000),
  `${"many words in one line ".repeat(100)}end`,
  "one \ntwo\t\nthree  ",
  "bare CR\rbare LF\nboth\r\nneither",
  "a=3D b=\nc ==",
  "--=_\n--=_--\nFrom here",
  "Grüße aus München, ganz ohne Umlaut geht es nicht. ".repeat(20),
  "👩‍👩‍👧 family\n".repeat(30),
  "مرحبا بك\n".repeat(30),
  "注文が発送されました。".repeat(60),
  `${"a".repeat(74)}é${"b".repeat(75)}\u00a0\n${"c".repeat(76)}\n${"d".repeat(77)}`,
  "tab\tbell\u0007 vertical\u000b del\u007f nbsp\u00a0 sep\u2028 end",
  "\n\nblank lines around\n\n",
  " ",
];

describe("a mail reads as the one that nodemailer builds", () => {
  const cases: [string, Partial<OutgoingMail>][] = [
    ...subjects.map((subject): [string, Partial<OutgoingMail>] => ["subject", { subject, text: "T" }]),
    ...senders.map((from): [string, Partial<OutgoingMail>] => ["sender", { from, replyTo: from, text: "T" }]),
    ...bodies.map((body): [string, Partial<OutgoingMail>] => ["text", { text: body }]),
    ...bodies.map((body): [string, Partial<OutgoingMail>] => ["HTML", { html: `<pre>${body}</pre>` }]),
    ...bodies.map((body): [string, Partial<OutgoingMail>] => ["text and HTML", { text: body, html: `<p>${body}</p>` }]),
    ["empty text", { text: "" }],
    ["empty text beside HTML", { text: "", html: "<p>H</p>" }],
    ["recipient", { to: "ann@bücher.test", text: "T" }],
    ["recipient", { to: '"ann b"@example.com', text: "T" }],
    [
      "headers",
      { text: "T", headers: { "X-Note": "naïve", "x-lower": "a", "X-Empty": "", "X-Two": "a b ".repeat(60) } },
    ],
    ["headers", { text: "T", headers: { "List-Unsubscribe": `<https://acme.test/?t=${"x".repeat(300)}>` } }],
    ["headers", { text: "T", headers: { "X-Note": "a\r\nBcc: eve@example.com" } }],
  ];

  test.each(cases)("%s: %j", async (_name, mail) => {
    const whole = { ...plain, ...mail };
    expect(await shown(writeMail(whole))).toEqual(await shown(buildMail(whole)));
  });
});

test.each([...subjects, "s".repeat(998), "é".repeat(998)])("no line is too long, broken or 8-bit: %s", (subject) => {
  for (const body of bodies) {
    const lines = writeMail({ ...plain, subject, from: "Zoë <a@b.test>", text: body, html: body }).message.toString(
      "latin1",
    );
    expect(lines.endsWith("\r\n")).toBe(true);
    expect(lines.replaceAll("\r\n", "")).not.toMatch(/[^\t\x20-\x7e]/);
    for (const line of lines.split("\r\n")) expect(line.length).toBeLessThanOrEqual(76);
  }
});

test("a subject without a blank is cut into words that fit a line, and reads as one", async () => {
  const { subject } = await shown(writeMail({ ...plain, subject: "s".repeat(998), text: "T" }));
  expect(subject).toBe("s".repeat(998));
});

test.each([
  ["7bit", "Hi Ann,\nbye"],
  ["quoted-printable", "Schöne Grüße aus München an alle, die das hier lesen"],
  ["quoted-printable", "x".repeat(77)],
  ["base64", "مرحبا بك في المتجر"],
])("the shortest encoding is taken: %s", (encoding, text) => {
  expect(writeMail({ ...plain, text }).message.toString()).toContain(`Content-Transfer-Encoding: ${encoding}\r\n`);
});
