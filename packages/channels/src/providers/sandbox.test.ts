import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { channels } from "../registry";
import { sandbox } from "./sandbox";

async function send(
  channel: string,
  to: string,
  { attempt = 1, signal = new AbortController().signal, text = "Hi" } = {},
) {
  const sender = await sandbox.connect({}, { outboundAllow: [] });
  return sender.send({ channel, to, content: { text } }, { idempotencyKey: "dlv_1", attempt, signal });
}

const sent = { kind: "sent", providerMessageId: "sandbox-dlv_1", units: 1 };
const reason = expect.stringMatching(/^sandbox: /);

/** The address of each channel that plays a word. */
const addresses = [
  ["email", (word: string) => `${word}@example.com`],
  ["email", (word: string) => `${word}+tag7@acme.test`],
  ["sms", (word: string) => numberOf(word)],
  ["whatsapp", (word: string) => numberOf(word)],
  ["push", (word: string) => `sandbox-${word}-token1`],
  ["in_app", (word: string) => `sandbox-${word}`],
  ["webhook", (word: string) => `https://hooks.example.com/orders/${word}?x=/delivered`],
  ["chat", (word: string) => `https://hooks.slack.com/services/${word}`],
] as const;

const numbers = ["bounced", "rejected", "slow", "flaky", "throttled", "delivered", "timeout", "unavailable"];
function numberOf(word: string): string {
  return `+1500555000${numbers.indexOf(word) + 1}`;
}

describe.each(addresses)("%s", (channel, address) => {
  test.each([
    ["delivered", 1, sent],
    ["flaky", 1, { kind: "deferred", reason }],
    ["flaky", 2, { kind: "deferred", reason }],
    ["flaky", 3, sent],
    ["throttled", 1, { kind: "deferred", reason, retryAfterMs: 5_000 }],
    ["throttled", 2, sent],
    ["unavailable", 9, { kind: "deferred", reason }],
    ["timeout", 9, { kind: "deferred", reason, ambiguous: true }],
    ["bounced", 1, { kind: "rejected", reason, addressDead: true }],
    ["rejected", 1, { kind: "rejected", reason }],
  ])("%s on attempt %i", async (word, attempt, outcome) => {
    expect(await send(channel, address(word), { attempt })).toEqual(outcome);
  });

  test("slow can be aborted", async () => {
    const controller = new AbortController();
    const sending = send(channel, address("slow"), { signal: controller.signal });
    controller.abort();
    expect(await sending).toEqual({ kind: "deferred", reason, ambiguous: true });
  });

  test("its addresses pass the channel's own check", () => {
    const { schema } = channels.get(channel)?.addressField ?? {};
    for (const word of numbers) expect(schema?.safeParse(address(word)).success).toBe(true);
  });
});

test.each([
  ["email", "ann@example.com"],
  ["email", "constructor@example.com"],
  ["email", "flaky.ann@example.com"],
  ["sms", "+14155550100"],
  ["push", "some-device-token"],
  ["in_app", "usr_flaky"],
  ["webhook", "https://example.com/"],
])("any other address on %s is delivered: %s", async (channel, to) => {
  expect(await send(channel, to)).toEqual(sent);
});

test("slow is delivered in the end", async () => {
  const startedAt = performance.now();
  expect(await send("email", "slow@example.com")).toEqual(sent);
  expect(performance.now() - startedAt).toBeGreaterThan(1_900);
});

test("an SMS is billed by segments", async () => {
  expect(await send("sms", "+14155550100", { text: "x".repeat(200) })).toMatchObject({ units: 2 });
});

test("docs/sandbox.md names every word and its number", () => {
  const page = readFileSync(new URL("../../../../docs/sandbox.md", import.meta.url), "utf8");
  for (const word of numbers) expect(page).toMatch(new RegExp(`\`${word}\`.*\`\\${numberOf(word)}\``));
});
