import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { SendOutcome } from "@tidings/channels/provider";
import { postmark } from "@tidings/channels/providers/postmark";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSealer } from "../../secrets/sealer";
import type { Account } from "./account-book";
import {
  type AccountWanted,
  type ChosenAccount,
  type ConnectedAccounts,
  createConnectedAccounts,
} from "./connected-accounts";

const serverToken = "s3cret-server-token";
let server: Server;
let accounts: ConnectedAccounts;
let recorded: [string, boolean][];
let givenBack: string[];

beforeEach(async () => {
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(401, { "content-type": "application/json" });
    response.end(JSON.stringify({ ErrorCode: 10, Message: `The token ${serverToken} is unknown` }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const account: Account = {
    ...{ id: "postmark-1", tenantId: null, provider: "postmark", channels: ["email"], rank: 0, weight: 100 },
    ...{ rate: { perSecond: 5, burst: 5 }, version: "1", receiptToken: null },
    config: { plain: postmark.config.parse({ serverToken, from: "hello@acme.test", apiUrl }) },
  };
  recorded = [];
  givenBack = [];
  accounts = createConnectedAccounts({
    book: { prepare: async () => {}, accountsFor: () => [account], senderOf: () => null },
    health: {
      of: () => ({ circuit: "closed", errorRate: 0, latencyMs: null }),
      takeProbe: async () => false,
      giveProbeBack: (id) => void givenBack.push(id),
      record: (id, isOk) => void recorded.push([id, isOk]),
      close: async () => {},
    },
    sealer: createSealer([Buffer.alloc(32, 3)]),
    contextOf: () => ({ outboundAllow: ["127.0.0.0/8"], isTrusted: true }),
    receiptUrlOf: () => "https://tidings.test/receipts/1",
  });
});
afterEach(async () => {
  await accounts.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function choose(mode: AccountWanted["mode"] = "live"): Promise<ChosenAccount> {
  const chosen = await accounts.choose({
    ...{ tenantId: "t1", channel: "email", address: "ann@example.com", mode, hasAttachments: false },
    ...{ tried: new Set<string>(), rank: null, repeats: null },
  });
  if ("none" in chosen) throw new Error(chosen.none);
  return chosen;
}

test("an account comes connected, with all that sending by it takes into account", async () => {
  const { connected: _, ...chosen } = await choose();
  expect(chosen).toEqual({
    ...{ account: "postmark-1", why: "the only account", provider: "postmark", rank: 0, isOnly: true },
    ...{ rate: { perSecond: 5, burst: 5 }, honoursIdempotencyKey: false, hasReceipts: true },
    receiptUrl: "https://tidings.test/receipts/1",
  });
  expect((await choose()).connected).toBe((await choose()).connected);
});

test("a provider's words are told without the credentials they repeat", async () => {
  const { connected } = await choose();
  const message = { channel: "email", to: "ann@example.com", content: { subject: "Hello", text: "Hi" } };
  const options = { idempotencyKey: "dlv_1", attempt: 1, signal: new AbortController().signal };
  const outcome = await connected.send(message, options);
  expect(outcome).toMatchObject({ kind: "deferred", reason: expect.stringContaining("is unknown") });
  expect(JSON.stringify(outcome)).not.toContain(serverToken);
});

test.each<[SendOutcome, boolean]>([
  [{ kind: "sent", providerMessageId: "m" }, true],
  [{ kind: "rejected", reason: "no such user" }, true],
  [{ kind: "deferred", reason: "mailbox full", isRecipients: true }, true],
  [{ kind: "deferred", reason: "503" }, false],
  [{ kind: "deferred", reason: "timeout", ambiguous: true }, false],
])("%j says of its account that it is well: %s", async (outcome, isWell) => {
  accounts.record(await choose(), outcome, 5);
  expect(recorded).toEqual([["postmark-1", isWell]]);
});

test("what sent nothing says nothing of its account, and leaves its probe to others; the sandbox has no health", async () => {
  const chosen = await choose();
  accounts.record(chosen, { kind: "busy", reason: "all connections are busy" }, 5);
  accounts.letGo(chosen);
  accounts.record(await choose("test"), { kind: "deferred", reason: "503" }, 5);
  expect([recorded, givenBack]).toEqual([[], ["postmark-1", "postmark-1"]]);
});
