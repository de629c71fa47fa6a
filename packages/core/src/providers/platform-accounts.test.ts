import { expect, test } from "vitest";
import { accountFor, platformAccounts } from "./platform-accounts";

test.each([
  ["https://hooks.slack.com/services/T0/B0/x", "slack"],
  ["https://discord.com/api/webhooks/1/x", "discord"],
  ["https://acme.webhook.office.com/webhookb2/x", "teams"],
])("every installation can post to %s, by %s", (address, provider) => {
  expect(accountFor(platformAccounts.parse("[]"), "chat", address)?.provider).toBe(provider);
});

test("an account that can't reach the address does not serve it", () => {
  const accounts = platformAccounts.parse('[{"provider":"slack","id":"own","config":{"name":"Acme"}}]');
  expect(accountFor(accounts, "chat", "https://hooks.slack.com/services/T0/B0/x")?.id).toBe("own");
  expect(accountFor(accounts, "chat", "https://discord.com/api/webhooks/1/x")?.id).toBe("discord");
  expect(accountFor(accounts, "sms")).toBeNull();
});
