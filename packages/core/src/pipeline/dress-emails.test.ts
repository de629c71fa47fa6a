import { randomBytes } from "node:crypto";
import { newUuid } from "@tidings/shared/ids";
import { expect, test } from "vitest";
import { readUnsubscribeToken } from "../suppressions/unsubscribe-link";
import type { ClaimedDelivery } from "./claim-deliveries";
import { dressEmails } from "./dress-emails";

const platformSecret = randomBytes(32);
const publicUrl = "https://notify.example.com";
const delivery = {
  id: newUuid(),
  notificationId: newUuid(),
  tenantId: newUuid(),
  mode: "live",
  channel: "email",
  address: "ann@example.com",
  category: "offers",
  isTransactional: false,
  isBulk: false,
  tracksOpens: false,
  tracksClicks: false,
} as ClaimedDelivery;
const html = '<p><a href="https://example.com/">Read</a></p>';

async function dressed(rest: Partial<ClaimedDelivery> = {}, headers?: Record<string, string>) {
  const content = { subject: "Hello", html, ...(headers && { headers }) };
  const dress = dressEmails(async () => ({ ok: true, content }), { publicUrl, platformSecret });
  const rendered = await dress({ ...delivery, ...rest });
  if (!rendered.ok) throw new Error(rendered.reason);
  return rendered.content as { html: string; headers?: Record<string, string> };
}

test("an email of a category offers to unsubscribe with one click, by a link that knows who and from what", async () => {
  const { headers } = await dressed();
  expect(headers?.["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
  const token = /^<https:\/\/notify\.example\.com\/u\/([\w-]+)>$/.exec(headers?.["List-Unsubscribe"] ?? "")?.[1] ?? "";
  const { tenantId, mode, channel, address, category } = delivery;
  const target = { tenantId, mode, channel, address, category };
  expect(readUnsubscribeToken([randomBytes(32), platformSecret], token)).toEqual(target);
  expect(readUnsubscribeToken([randomBytes(32)], token)).toBeNull();
  expect(readUnsubscribeToken([platformSecret], `A${token.slice(1)}`)).toBeNull();
});

test.each<[string, Partial<ClaimedDelivery>]>([
  ["what has no category and was not sent in bulk", { category: null }],
  ["a transactional category, in bulk too", { isTransactional: true, isBulk: true }],
  ["a test", { mode: "test" }],
  ["another channel", { channel: "sms" }],
])("%s offers nothing", async (_, rest) => {
  expect((await dressed(rest)).headers).toBeUndefined();
});

test("an offer of the tenant's own stays", async () => {
  const own = { "list-unsubscribe": "<mailto:no@example.com>" };
  expect((await dressed({}, own)).headers).toEqual(own);
});

test("opens and clicks are told only where the tenant wants to know", async () => {
  expect((await dressed()).html).toBe(html);
  const tracked = (await dressed({ tracksOpens: true, tracksClicks: true })).html;
  expect(tracked).toContain(`${publicUrl}/t/o/`);
  expect(tracked).toContain(`${publicUrl}/t/c/`);
  expect(tracked).not.toContain('example.com/">Read');
});

test("an email that is sent again is the same, as a provider asks of a repeated idempotency key", async () => {
  const tracking = { tracksOpens: true, tracksClicks: true };
  expect(await dressed(tracking)).toEqual(await dressed(tracking));
});
