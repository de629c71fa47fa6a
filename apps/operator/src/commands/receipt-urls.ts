import { receiptUrlOfAccount } from "@tidings/core/receipts/receipt-url";
import { operatorCommand } from "../operator-command";
import { table } from "../table";

export const receiptUrls = operatorCommand({
  name: "receipt-urls",
  description: "List what to give the platform's providers as the address of their webhooks, account by account",
  args: {},
  async run(_args, { settings }) {
    const installation = { publicUrl: settings.publicUrl(), platformSecret: settings.platformSecret() };
    const accounts = settings.platformAccounts().flatMap(({ id, provider }) => {
      const url = receiptUrlOfAccount({ id, provider, receiptToken: null }, installation);
      return url === undefined ? [] : [{ id, provider, url }];
    });
    const rows = accounts.map(({ id, provider, url }) => [id, provider, url]);
    const none = "No account in PROVIDER_ACCOUNTS is at a provider that sends receipts.";
    return { data: accounts, text: table(["account", "provider", "url"], rows, none) };
  },
});
