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

test("an account is known by its provider where it has no id, wherever it stands", () => {
  const mail = { provider: "resend", config: { apiKey: "re_1", from: "a@example.com" } };
  const texts = { provider: "sns", config: { region: "eu-west-1", accessKeyId: "a", secretAccessKey: "s" } };
  const idsOf = (accounts: object[]) => platformAccounts.parse(JSON.stringify(accounts)).map(({ id }) => id);
  const builtIn = ["in_app", "webhook", "slack", "discord", "teams"];
  expect(idsOf([mail])).toEqual(["resend", ...builtIn]);
  expect(idsOf([texts, { ...mail, id: "spare" }, mail])).toEqual(["sns", "spare", "resend", ...builtIn]);
});

test.each([
  [["slack", "sandbox"], /account 1 would be called slack.*account 2 would be called sandbox/s],
  [["plivo", "vonage", "plivo"], /accounts 1 and 3 would be called plivo: each needs an "id" of its own/],
])("accounts %j without ids of their own are refused", (wanted, message) => {
  const accounts = wanted.map((provider) => ({ provider, config: {} }));
  const { error } = platformAccounts.safeParse(JSON.stringify(accounts));
  expect(error?.issues.map((issue) => issue.message).join("\n")).toMatch(message);
});

test("an account that can't reach the address does not serve it", async () => {
  const own = '[{"provider":"slack","id":"own","config":{"name":"Acme"}}]';
  expect((await chosen(own, "chat", "https://hooks.slack.com/services/T0/B0/x"))?.id).toBe("own");
  expect((await chosen(own, "chat", "https://discord.com/api/webhooks/1/x"))?.id).toBe("discord");
  expect(await chosen(own, "sms", "+14155550100")).toBeNull();
});
