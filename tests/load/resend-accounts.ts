import { createAccountBody } from "@tidings/core/providers/accounts/account-schemas";
import { createAccount } from "@tidings/core/providers/accounts/create-account";
import { createSealer } from "@tidings/core/secrets/sealer";
import { resendKey } from "../fakes/resend-fake";
import type { System } from "./system";

/** Each tenant's emails go by an account of its own at Resend, which is the sink. */
export async function createResendAccounts({ database, stack, sink }: System, tenantIds: readonly string[]) {
  const sealer = createSealer([Buffer.from(stack.env.TIDINGS_SECRET as string, "base64")]);
  const deps = { database, sealer, providerContext: { outboundAllow: ["127.0.0.1/32"] } };
  const config = { apiKey: resendKey, from: "Acme <hello@acme.test>", apiUrl: sink.resendUrl };
  for (const tenantId of tenantIds)
    await createAccount(deps, tenantId, createAccountBody.parse({ provider: "resend", config, rate: null }));
}
