import { openDatabase } from "@tidings/db/client";
import { newUuid } from "@tidings/shared/ids";
import { expect, test } from "vitest";
import { createAccountBook } from "../sending/account-book";
import { chooseAccount } from "../sending/choose-account";
import { platformAccounts } from "./platform-accounts";

/** The account of the platform that a tenant without its own gets; the database is never asked. */
async function chosen(json: string, channel: string, address: string) {
  const database = openDatabase({ url: "postgres://nowhere.invalid/", poolSize: 1, applicationName: "test" });
  const book = createAccountBook({ database, platformAccounts: platformAccounts.parse(json) });
  const { account } = await chooseAccount({
    accounts: book.accountsFor(newUuid(), channel),
    address,
    hasAttachments: false,
    rank: null,
    repeats: null,
    tried: new Set(),
    healthOf: () => ({ circuit: "closed", errorRate: 0, latencyMs: null }),
    takeProbe: async () => false,
  });
  return account;
}

test.each([
  ["https://hooks.slack.com/services/T0/B0/x", "slack"],
  ["https://discord.com/api/webhooks/1/x", "discord"],
  ["https://acme.webhook.office.com/webhookb2/x", "teams"],
])("every installation can post to %s, by %s", async (address, provider) => {
  expect((await chosen("[]", "chat", address))?.provider).toBe(provider);
});

test("an account that can't reach the address does not serve it", async () => {
  const own = '[{"provider":"slack","id":"own","config":{"name":"Acme"}}]';
  expect((await chosen(own, "chat", "https://hooks.slack.com/services/T0/B0/x"))?.id).toBe("own");
  expect((await chosen(own, "chat", "https://discord.com/api/webhooks/1/x"))?.id).toBe("discord");
  expect(await chosen(own, "sms", "+14155550100")).toBeNull();
});
