import { Client } from "pg";
import type { System } from "../load/system";

const perStatement = 100_000;
const days = 21;

/**
 * Stores settled notifications, each with its delivery and its attempt, evenly over all tenants and the last three weeks,
 * and leaves the tables as autovacuum would in time: what is measured next is not disturbed by it.
 */
export async function seedHistory({ stack }: System, size: number, say: (message: string) => void): Promise<void> {
  const client = new Client(stack.connection.databaseUrl);
  await client.connect();
  try {
    await client.query("SET synchronous_commit = off");
    await client.query(`SELECT create_partitions(now() - interval '${days + 1} days', now())`);
    const { rows } = await client.query<{ ids: string[]; until: string }>(
      "SELECT array_agg(id) AS ids, now() - interval '1 hour' AS until FROM tenant",
    );
    const [found] = rows;
    for (let from = 1; from <= size; from += perStatement) {
      const to = Math.min(size, from + perStatement - 1);
      await client.query(insertHistory, [from, to, size, found?.ids, found?.until]);
      if (to % (10 * perStatement) === 0) say(`${to} of ${size} stored`);
    }
    await client.query("VACUUM (ANALYZE) notification, delivery, attempt");
    await client.query("CHECKPOINT");
  } finally {
    await client.end();
  }
}

/**
 * $1…$2 of $3, for the tenants $4, up to the moment $5. Ids are UUIDv7, and a delivery's begins like its notification's:
 * their last 8 digits differ.
 */
const insertHistory = `
  WITH given AS MATERIALIZED (
    SELECT i, at, lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0')
        || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 7) AS beginning,
      hash, ($4::uuid[])[1 + i % cardinality($4::uuid[])] AS tenant_id
    FROM (
      SELECT i, md5(i::text) AS hash,
        $5::timestamptz - interval '${days} days' + i::float8 / $3::float8 * interval '${days} days' AS at
      FROM generate_series($1::int, $2::int) AS i
    ) AS numbered
  ),
  history AS MATERIALIZED (
    SELECT i, at, tenant_id, 'h' || i % 1000000 || '@example.com' AS address,
      (beginning || substr(hash, 11, 8))::uuid AS notification_id, (beginning || substr(hash, 19, 8))::uuid AS delivery_id
    FROM given
  ),
  notifications AS (
    INSERT INTO notification (
      id, tenant_id, mode, status, priority, bulk, addresses, channels, data, request_id, created_at, processing_at, settled_at)
    SELECT notification_id, tenant_id, 'test', 'SENT', 2, true, jsonb_build_object('email', address), '{email}',
      jsonb_build_object('code', i::text, 'product', 'Acme', 'minutes', 10), 'req_' || notification_id, at, at, at
    FROM history
  ),
  deliveries AS (
    INSERT INTO delivery (
      id, tenant_id, mode, notification_id, channel, address, status, priority, siblings, attempt, provider,
      provider_message_id, units, created_at, sent_at, settled_at)
    SELECT delivery_id, tenant_id, 'test', notification_id, 'email', address, 'SENT', 2, 1, 1, 'sandbox',
      'sandbox-' || delivery_id, 1, at, at, at
    FROM history
  )
  INSERT INTO attempt (tenant_id, delivery_id, number, provider, outcome, provider_message_id, started_at, duration_ms)
  SELECT tenant_id, delivery_id, 1, 'sandbox', 'sent', 'sandbox-' || delivery_id, at, 1 FROM history`;
