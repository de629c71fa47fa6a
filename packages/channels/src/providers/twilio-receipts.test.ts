import { createHash, createHmac } from "node:crypto";
import { twilioCall } from "@tidings/tests/fakes/twilio-fake";
import { expect, test } from "vitest";
import { hostileCalls } from "../testing/hostile-calls";
import { twilio } from "./twilio";

const authToken = "t0ken";
const config = twilio.config.parse({ accountSid: "AC0123456789", authToken, from: "+14155550100" });
const url = "https://notify.example.com/receipts/twilio/token_1";
const sid = "SM0123456789abcdef0123456789abcdef";
const told = { MessageSid: sid, AccountSid: "AC0123456789", To: "+14155550123", From: "+14155550100" };
const about = { providerMessageId: sid, address: "+14155550123", at: expect.stringMatching(/^\d{4}-.*Z$/) };
const delivered = { ...about, eventId: `${sid}:delivered`, kind: "delivered" };

function read(fields: Record<string, string>) {
  return twilio.receipts?.read(twilioCall(url, authToken, fields), config);
}

test.each([
  [{ MessageStatus: "queued" }, []],
  [{ MessageStatus: "sent" }, []],
  [{ MessageStatus: "delivered" }, [delivered]],
  [
    { MessageStatus: "read", To: "whatsapp:+14155550123" },
    [delivered, { ...about, eventId: `${sid}:read`, kind: "opened" }],
  ],
])("%j is read", async (fields, receipts) => {
  expect(await read({ ...told, ...fields })).toEqual({ kind: "receipts", receipts });
});

test.each([
  ["30003", "bounced_soft"],
  ["30004", "bounced_soft"],
  ["30005", "bounced_hard"],
  ["30006", "bounced_hard"],
  ["30007", "bounced_soft"],
  ["30008", "bounced_soft"],
  ["63003", "bounced_hard"],
  ["", "bounced_soft"],
])("undelivered for %s, it has %s", async (ErrorCode, kind) => {
  const reason = `undelivered ${ErrorCode}`.trim();
  expect(await read({ ...told, MessageStatus: "undelivered", ErrorCode })).toEqual({
    kind: "receipts",
    receipts: [{ ...about, eventId: `${sid}:undelivered`, kind, reason }],
  });
});

test("a message that failed for an earlier STOP tells of the opt-out", async () => {
  expect(await read({ ...told, MessageStatus: "failed", ErrorCode: "21610" })).toMatchObject({
    receipts: [
      { kind: "bounced_soft", providerMessageId: sid },
      { kind: "unsubscribed", providerMessageId: null, address: "+14155550123", channel: "sms" },
    ],
  });
});

test.each([
  [{ Body: "STOP" }, "unsubscribed"],
  [{ Body: "Quit" }, "unsubscribed"],
  [{ Body: "Unstop" }, "resubscribed"],
  [{ Body: "yes" }, "resubscribed"],
  [{ Body: "ARRET", OptOutType: "STOP" }, "unsubscribed"],
  [{ Body: "on again", OptOutType: "START" }, "resubscribed"],
  [{ Body: "STOP", From: "whatsapp:+14155550123" }, "unsubscribed"],
])("a person who sends %j is %s", async (fields, kind) => {
  const inbound = { MessageSid: sid, SmsStatus: "received", From: "+14155550123", To: "+14155550100", NumMedia: "0" };
  expect(await read({ ...inbound, ...fields })).toMatchObject({
    receipts: [
      {
        kind,
        address: "+14155550123",
        channel: "From" in fields ? "whatsapp" : "sms",
        providerMessageId: null,
        reason: fields.Body,
        eventId: `${sid}:inbound`,
      },
    ],
  });
});

test.each([{ Body: "Where are you?" }, { Body: "" }, { Body: "INFO", OptOutType: "HELP" }])(
  "%j is no wish",
  async (fields) => {
    expect(await read({ ...told, SmsStatus: "received", ...fields })).toEqual({ kind: "receipts", receipts: [] });
  },
);

test("fields in any order and with any letters are signed", async () => {
  const fields = { ...told, MessageStatus: "delivered", Zeta: "ü&=+ /", alpha: "ж", __proto__x: "1" };
  expect(await read(fields)).toMatchObject({ receipts: [{ kind: "delivered" }] });
});

test("a body that is signed by its hash in the URL is verified so", async () => {
  const body = Buffer.from(JSON.stringify({ hello: "world" }));
  const signedUrl = `${url}?bodySHA256=${createHash("sha256").update(body).digest("hex")}`;
  const signature = createHmac("sha1", authToken).update(signedUrl).digest("base64");
  const call = { method: "POST", url: signedUrl, headers: { "x-twilio-signature": signature }, body };
  expect(await twilio.receipts?.read(call, config)).toEqual({ kind: "unreadable", reason: "no MessageSid" });
  const changed = { ...call, body: Buffer.from("{}") };
  expect(await twilio.receipts?.read(changed, config)).toMatchObject({ kind: "forged" });
});

test.each(hostileCalls(twilioCall(url, authToken, { ...told, MessageStatus: "delivered" })))(
  "a call %s is forged",
  async (_name, call) => {
    expect(await twilio.receipts?.read(call, config)).toMatchObject({ kind: "forged" });
  },
);

test("a call signed by another token, or for another URL, is forged", async () => {
  const fields = { ...told, MessageStatus: "delivered" };
  expect(await twilio.receipts?.read(twilioCall(url, "another", fields), config)).toMatchObject({ kind: "forged" });
  const elsewhere = { ...twilioCall(url, authToken, fields), url: `${url}x` };
  expect(await twilio.receipts?.read(elsewhere, config)).toMatchObject({ kind: "forged" });
});
