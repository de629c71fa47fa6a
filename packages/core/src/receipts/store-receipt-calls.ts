import { createHash } from "node:crypto";
import type { Receipt, ReceiptReading, ReceiptRequest } from "@tidings/channels/receipt";
import type { Database } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import { newUuid } from "@tidings/shared/ids";
import { isDataError } from "../postgres-errors";
import type { ReceiptAccount } from "./find-receipt-account";

/** A provider's call whose signature held, with what it tells. */
export interface ReceiptCall {
  account: ReceiptAccount;
  request: ReceiptRequest;
  receipts: readonly Receipt[];
  voucher?: Voucher | undefined;
}
type Voucher = NonNullable<Extract<ReceiptReading, { kind: "receipts" }>["voucher"]>;

/** Longest words and ids kept; providers' own are far shorter. */
const maxWordsLength = 1_000;
const maxIdLength = 255;
/** How long calls gather: a statement costs as much as storing ten. One that comes after a pause is stored at once. */
const gatherMs = 10;
/** Of all calls that wait or are being written: memory. */
const maxWeightBytes = 32 * 1024 * 1024;

/**
 * Makes calls and what they tell durable, many in one statement. An event that was told before changes nothing, and a call
 * that tells only such is not kept again; nor does one whose token has vouched for another event already.
 */
export function createStoreReceiptCalls({ database }: { database: Database }) {
  const batcher = createBatcher<ReceiptCall, undefined>({
    maxBatch: 100,
    concurrency: 2,
    gapMs: gatherMs,
    maxWaiting: 5_000,
    maxWeight: maxWeightBytes,
    weigh: ({ request }) => request.body.byteLength,
    run: async (calls) => {
      await insertCalls(database, calls);
      return calls.map(() => undefined);
    },
    isDataError,
  });
  return {
    /** @throws {BatcherFull} when too much waits already */
    store: (call: ReceiptCall) => batcher.add(call),
    drain: () => batcher.drain(),
  };
}

async function insertCalls(database: Database, calls: readonly ReceiptCall[]): Promise<void> {
  const now = Date.now();
  const named = calls.map((call) => ({ ...call, id: newUuid() }));
  const callRows = named.map(({ id, account, request, receipts }) => ({
    id,
    tenant_id: account.tenantId,
    account: account.id,
    provider: account.provider.id,
    headers: keptHeaders(request),
    body: Buffer.from(request.body).toString("base64"),
    tells: receipts.length > 0,
  }));
  const vouched = new Map<string, { account: string; token: string; event_id: string }>();
  for (const { account, voucher } of calls) {
    if (!voucher) continue;
    const row = { account: account.id, token: storableId(voucher.token), event_id: storableId(voucher.eventId) };
    const key = JSON.stringify([row.account, row.token]);
    if (!vouched.has(key)) vouched.set(key, row);
  }
  const receiptRows = named.flatMap(({ id, account, receipts, voucher }) =>
    receipts.map((receipt) => ({
      id: newUuid(),
      call_id: id,
      account: account.id,
      provider: account.provider.id,
      tenant_id: account.tenantId,
      token: voucher ? storableId(voucher.token) : null,
      ...receiptColumns(receipt, now),
    })),
  );
  await database.direct.$executeRaw`
    WITH vouched AS (
      INSERT INTO receipt_token AS k (account, token, event_id)
      SELECT account, token, event_id
      FROM json_to_recordset(${JSON.stringify([...vouched.values()])}::json) AS t (account text, token text, event_id text)
      ORDER BY account, token
      ON CONFLICT (account, token) DO UPDATE SET event_id = k.event_id -- answers the first event, also of a run beside this one
      RETURNING account, token, event_id
    ),
    told AS (
      INSERT INTO receipt (account, event_id, id, call_id, provider, tenant_id, kind, channel, provider_message_id, address,
        at, reason, url)
      SELECT account, event_id, id, call_id, provider, tenant_id, kind, channel, provider_message_id, address, at, reason, url
      FROM json_to_recordset(${JSON.stringify(receiptRows)}::json) AS t (
        account text, event_id text, id uuid, call_id uuid, provider text, tenant_id uuid, token text, kind text, channel text,
        provider_message_id text, address text, at timestamptz, reason text, url text)
      WHERE token IS NULL OR (account, token, event_id) IN (SELECT account, token, event_id FROM vouched)
      ORDER BY account, event_id -- so that two who are told the same wait for each other in one order
      ON CONFLICT DO NOTHING
      RETURNING call_id
    )
    INSERT INTO receipt_call (id, tenant_id, account, provider, headers, body)
    SELECT id, tenant_id, account, provider, headers, decode(body, 'base64')
    FROM json_to_recordset(${JSON.stringify(callRows)}::json) AS t (
      id uuid, tenant_id uuid, account text, provider text, headers jsonb, body text, tells boolean)
    WHERE NOT tells OR id IN (SELECT call_id FROM told)`;
}

/** A receipt as its table has it: what a provider wrote, as Postgres can store it. */
function receiptColumns(receipt: Receipt, nowMs: number) {
  return {
    event_id: storableId(receipt.eventId),
    kind: receipt.kind,
    channel: receipt.channel ?? null,
    provider_message_id: storable(receipt.providerMessageId, maxIdLength),
    address: storable(receipt.address, maxWordsLength),
    at: plausible(receipt.at, nowMs),
    reason: storable(receipt.reason, maxWordsLength),
    url: storable(receipt.url, 2 * maxWordsLength),
  };
}

function storable(text: string | null | undefined, maxLength: number): string | null {
  return text == null ? null : text.replaceAll("\u0000", "").slice(0, maxLength).toWellFormed();
}

/** Shortened it could become another's. */
function storableId(id: string): string {
  const isPlain = id.length <= maxIdLength && id.isWellFormed() && !id.includes("\u0000");
  return isPlain ? id : createHash("sha256").update(id).digest("hex");
}

const dayMs = 24 * 60 * 60 * 1_000;

/** Clocks of providers are trusted within reason: what happened in the future, or a year ago, happened now. */
function plausible(at: string, nowMs: number): string {
  const atMs = Date.parse(at);
  const isPlausible = atMs > nowMs - 365 * dayMs && atMs <= nowMs + dayMs;
  return new Date(isPlausible ? Math.min(atMs, nowMs) : nowMs).toISOString();
}

/** Never kept: what lets somebody in. */
const secretHeaders = new Set(["authorization", "proxy-authorization", "cookie", "x-api-key"]);

/** The headers, with what a GET tells instead of a body; the path is left out, for it names the account. */
function keptHeaders({ method, url, headers }: ReceiptRequest): Record<string, string> {
  const kept = Object.entries({ ...headers, ":method": method, ":query": url.split("?")[1] }).flatMap(
    ([name, value]) => (value === undefined || secretHeaders.has(name) ? [] : [[name, storable(value, 8_192) ?? ""]]),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
