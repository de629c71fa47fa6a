import type { Provider } from "@tidings/channels/provider";
import { channels } from "@tidings/channels/registry";
import { newUuid } from "@tidings/shared/ids";
import { type Fault, Refusal } from "@tidings/shared/refusals";
import { attachmentsOf } from "../../attachments/attachments-of";
import { faultsOf } from "../../faults-of";
import type { Owner } from "../../owner";
import { receiptUrlOf } from "../../receipts/receipt-url";
import { openConfig } from "../settings/account-config";
import { withoutSecrets } from "../settings/mask-secrets";
import type { PublicAccountTest, TestAccountBody } from "./account-schemas";
import { providerOf } from "./account-wishes";
import type { AccountDeps } from "./create-account";
import { getAccount } from "./get-account";

/** Longest wait for the provider, in milliseconds. */
const timeoutMs = 20_000;

const greeting = "A test message from Tidings: this provider account works.";
const shortGreeting = { title: "Test message", body: greeting };
/** What is sent unless told, by channel. */
const greetings: Readonly<Record<string, Record<string, unknown>>> = {
  email: { subject: "Test message", text: greeting },
  sms: { text: greeting },
  whatsapp: { text: greeting },
  push: shortGreeting,
  chat: { text: greeting },
  webhook: { payload: { message: greeting } },
};

/**
 * Sends one message through an account, at once and once, whether it is enabled or not, and tells what the provider said.
 * It is no notification: nothing is recorded or billed.
 * @throws {Refusal} `not_found`, `invalid_body`; `wrong_mode` for a test key, which reaches no provider; `conflict` for a
 * provider that this release does not know
 */
export async function testAccount(
  { database, sealer, providerContext, publicUrl }: AccountDeps & { publicUrl: string | null },
  { tenantId, mode }: Owner,
  id: string,
  body: TestAccountBody,
): Promise<PublicAccountTest> {
  const account = await getAccount(database, tenantId, id);
  if (mode !== "live")
    throw new Refusal("wrong_mode", "Accounts are tried with a live key: a test key reaches no provider.");
  const provider = providerOf(account.provider);
  const message = messageOf(provider, account.channels, body);
  const config = openConfig(sealer, account);
  const startedMs = performance.now();
  const connected = await provider.connect(config, providerContext);
  try {
    const outcome = await connected.send(message, {
      idempotencyKey: newUuid(),
      attempt: 1,
      signal: AbortSignal.timeout(timeoutMs),
      ...(publicUrl !== null &&
        provider.receipts && { receiptUrl: receiptUrlOf(publicUrl, provider.id, account.receiptToken) }),
    });
    return {
      outcome: outcome.kind,
      reason: "reason" in outcome ? withoutSecrets(provider, config, outcome.reason) : null,
      providerMessageId: "providerMessageId" in outcome ? outcome.providerMessageId : null,
      durationMs: Math.round(performance.now() - startedMs),
    };
  } finally {
    await connected.close?.();
  }
}

function messageOf(provider: Provider, served: readonly string[], body: TestAccountBody) {
  const { channel: id = served[0] ?? "", to: given, content = greetings[id] } = body;
  const channel = channels.get(id);
  if (!channel || !served.includes(id))
    throw refusal([{ pointer: "/channel", message: "is not served by the account" }]);
  const to = channel.addressField.schema.safeParse(given);
  const said = channel.content.safeParse(content);
  const faults = [
    ...(to.error ? faultsOf(to.error, "/to") : []),
    ...(said.error ? faultsOf(said.error, "/content") : []),
    ...(attachmentsOf(said.data).some((one) => "id" in one) ? [noUploads] : []),
  ];
  if (to.data === undefined || faults.length > 0) throw refusal(faults);
  if (provider.reaches?.(to.data) === false) {
    throw refusal([{ pointer: "/to", message: `is no address that ${provider.name} reaches` }]);
  }
  return { channel: id, to: to.data, content: said.data };
}

/** Nothing stands between the door and the provider that would put the bytes of an upload in. */
const noUploads: Fault = { pointer: "/content/attachments", message: "must be inline in a test message" };

const refusal = (faults: readonly Fault[]) => new Refusal("invalid_body", "This can't be sent.", { faults });
