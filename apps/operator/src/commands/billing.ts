import { setUpPrices } from "@tidings/core/billing/set-up-prices";
import { operatorCommand } from "../operator-command";
import { table } from "../table";

export const billingSetup = operatorCommand({
  name: "billing setup",
  description: "Make the plans' products, prices and meters in Stripe; what is there stays, so it is safe to repeat",
  args: {},
  async run(_args, { stripe }) {
    const made = await setUpPrices(stripe);
    const rows = made.map(({ kind, name, id, isNew }) => [kind, name, id, isNew ? "made" : "was there"]);
    return { data: made, text: table(["kind", "name", "id", "outcome"], rows, "No plan is for sale.") };
  },
});
