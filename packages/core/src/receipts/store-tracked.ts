import { createHash } from "node:crypto";
import type { Database } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import type { Logger } from "@tidings/runtime/logger";
import { newUuid } from "@tidings/shared/ids";
import { isDataError } from "../postgres-errors";
import type { Tracked } from "./tracking-links";

/** The account that our own links and pictures tell by. */
const ownAccount = "tidings";
/** Whoever reloads a picture all day is told of once a minute. */
const onceInMs = 60_000;

/** Stores opens and clicks as receipts, many in one statement. A person's click never waits for it, nor fails with it. */
export function createStoreTracked({ database, logger }: { database: Database; logger: Logger }) {
  const batcher = createBatcher<Tracked, undefined>({
    maxBatch: 500,
    concurrency: 1,
    maxWaiting: 20_000,
    run: async (all) => {
      await insertTracked(database, all);
      return all.map(() => undefined);
    },
    isDataError,
  });
  return {
    store(tracked: Tracked): void {
      batcher.add(tracked).catch((err: unknown) => logger.warn({ err }, "an open or a click was not stored"));
    },
    drain: () => batcher.drain(),
  };
}

async function insertTracked(database: Database, all: readonly Tracked[]): Promise<void> {
  const now = Date.now();
  const rows = all.map((tracked) => ({ id: newUuid(), at: new Date(now).toISOString(), ...columnsOf(tracked, now) }));
  await database.$executeRaw`
    INSERT INTO receipt (account, event_id, id, provider, tenant_id, delivery_id, kind, at, url)
    SELECT ${ownAccount}, event_id, id, ${ownAccount}, tenant_id, delivery_id, kind, at, url
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS t (
      event_id text, id uuid, tenant_id uuid, delivery_id uuid, kind text, at timestamptz, url text)
    ORDER BY event_id
    ON CONFLICT DO NOTHING`;
}

function columnsOf({ tenantId, deliveryId, url }: Tracked, nowMs: number) {
  const link = url === null ? "open" : createHash("sha256").update(url).digest("base64url").slice(0, 16);
  return {
    event_id: `${deliveryId}:${link}:${Math.floor(nowMs / onceInMs)}`,
    tenant_id: tenantId,
    delivery_id: deliveryId,
    kind: url === null ? "opened" : "clicked",
    url,
  };
}
