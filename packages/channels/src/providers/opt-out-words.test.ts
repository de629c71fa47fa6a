import { expect, test } from "vitest";
import { e164Of, receiptsOfInbound, wishOf } from "./opt-out-words";

test.each([
  ["STOP", "unsubscribed"],
  [" stop.\n", "unsubscribed"],
  ["Stop all", "unsubscribed"],
  ["STOPALL", "unsubscribed"],
  ["unsubscribe", "unsubscribed"],
  ["CANCEL", "unsubscribed"],
  ["end", "unsubscribed"],
  ["Quit!", "unsubscribed"],
  ["opt-out", "unsubscribed"],
  ["START", "resubscribed"],
  ["yes", "resubscribed"],
  ["UNSTOP", "resubscribed"],
  ["stop please", null],
  ["HELP", null],
  ["", null],
  ["s".repeat(5_000_000), null],
])("%.20j is taken as %j", (text, expected) => {
  expect(wishOf(text)).toBe(expected);
});

test("a wish is told once of a message, by the person's number", () => {
  const message = { id: "m1", from: "14155550123", text: "Stop", at: "2026-01-01T00:00:00.000Z" };
  expect(receiptsOfInbound(message)).toEqual([
    {
      eventId: "m1:inbound",
      kind: "unsubscribed",
      providerMessageId: null,
      address: "+14155550123",
      at: message.at,
      reason: "Stop",
    },
  ]);
  expect(receiptsOfInbound({ ...message, from: "AcmeShop" })).toEqual([]);
});

test.each([
  ["+14155550123", "+14155550123"],
  ["14155550123", "+14155550123"],
  ["55501", null],
  ["0441632960000", null],
  ["Acme", null],
])("%s is the number %s", (written, number) => {
  expect(e164Of(written)).toBe(number);
});
