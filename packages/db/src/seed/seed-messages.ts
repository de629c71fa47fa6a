import pg from "pg";
import { insertChunk } from "./insert-chunk";
import type { SeedHistory } from "./seed-plan";
import { seedTables } from "./seed-tables";

/** Messages written by one run of the statements. */
const perChunk = 25_000;

/**
 * Writes tenants' histories as if Tidings had sent them: recipients, notifications, deliveries, attempts, receipts, reports,
 * inboxes, suppressions, and usage that equals them. All but a dozen schedules far ahead is settled, so nothing of it is sent.
 * The rows are made by Postgres itself, some ten thousand messages a second; the same seed gives the same history up to the
 * same moment.
 * @param url of the database; partitions for the past are made
 */
export async function seedMessages(url: string, histories: readonly SeedHistory[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: "tidings-seed" });
  client.on("error", () => {}); // a connection that is lost fails the query at hand, which tells it
  await client.connect();
  try {
    await client.query("SET synchronous_commit = off");
    for (const history of histories) await seedTenant(client, history);
    // As autovacuum leaves them in time: what is read next is planned well, and finds its filters made.
    await client.query(
      "VACUUM (ANALYZE) notification, delivery, attempt, report, report_attempt, receipt, recipient, usage",
    );
  } finally {
    await client.end();
  }
}

async function seedTenant(client: pg.Client, history: SeedHistory): Promise<void> {
  const { tenantId, messages, people, days, until, seed } = history;
  const partitions = "SELECT create_partitions($1::timestamptz - make_interval(days => $2::int), $1)";
  await client.query(partitions, [until, days + 1]);
  await client.query(seedTables);
  for (const [table, rows] of Object.entries(tablesOf(history))) {
    const insert = `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`;
    await client.query(insert, [JSON.stringify(rows)]);
  }
  await client.query(insertPeople, [people, seed]);
  for (const statement of insertRecipients) await client.query(statement, [tenantId]);
  for (let from = 1; from <= messages; from += perChunk) {
    await client.query("BEGIN");
    for (const statement of insertChunk) {
      await client.query(statement(history, from, Math.min(messages, from + perChunk - 1)));
    }
    await client.query("COMMIT");
  }
  await client.query(insertScheduled, [tenantId, seed, until]);
  await client.query(insertUsage, [tenantId]);
}

/** Shares become spans of [0, 1), one after the other: a random number falls into one of them. */
function withSpans<Row extends { weight: number }>(rows: readonly Row[]): (Row & { low: number; high: number })[] {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  let low = 0;
  return rows.map((row) => {
    const span = { ...row, low, high: low + row.weight / total };
    low = span.high;
    return span;
  });
}

function tablesOf({ cultures, sends, accounts, endings, incidents, endpoints, domains, until }: SeedHistory) {
  const channels = [...new Set(accounts.map(({ channel }) => channel))];
  const hoursAgo = (hours: number) => new Date(until.getTime() - hours * 3_600_000);
  const ofChannel = (channel: string) => {
    let low = 0;
    return endings
      .filter((ending) => ending.channel === channel)
      .map(({ share, ...ending }) => {
        const span = { ...ending, low, high: low + share };
        low = span.high;
        return span;
      });
  };
  return {
    seed_culture: cultures.map((culture, index) => ({
      position: index,
      locale: culture.locale,
      time_zone: culture.timeZone,
      country_code: culture.countryCode,
      first_names: culture.firstNames,
      last_names: culture.lastNames,
      domains,
    })),
    seed_send: withSpans(sends).map(({ templateId, ...send }) => ({ ...send, template_id: templateId })),
    seed_account: channels.flatMap((channel) =>
      withSpans(accounts.filter((account) => account.channel === channel)).map(
        ({ hasReceipts, idPrefix, idSuffix, ...account }) => ({
          ...account,
          has_receipts: hasReceipts,
          id_prefix: idPrefix,
          id_suffix: idSuffix,
        }),
      ),
    ),
    seed_ending: channels.flatMap(ofChannel),
    seed_incident: incidents.map(({ fromHoursAgo, toHoursAgo, ...incident }) => ({
      ...incident,
      since: hoursAgo(fromHoursAgo),
      until: hoursAgo(toHoursAgo),
    })),
    seed_endpoint: endpoints.map(({ fromHoursAgo, toHoursAgo, ...endpoint }) => ({
      ...endpoint,
      since: hoursAgo(fromHoursAgo),
      until: hoursAgo(toHoursAgo),
    })),
  };
}

/** $1 how many, $2 seed. */
const insertPeople = `
  INSERT INTO seed_person
  SELECT n, 'usr_' || lpad(n::text, 5, '0'), f.name ->> 0, l.name ->> 0,
    (f.name ->> 1) || '.' || (l.name ->> 1) || n || '@' || (c.domains ->> (pg_temp.pick(n, $2::bigint + 4, json_array_length(c.domains)))),
    c.country_code || lpad(((hashint8extended(n, $2::bigint + 5) & 999999999))::text, 9, '0'),
    CASE WHEN pg_temp.share(n, $2::bigint + 6) < 0.55 THEN md5(n || ':' || $2::bigint) || md5($2::bigint || ':' || n) END,
    c.locale, c.time_zone
  FROM generate_series(1, $1::int) AS n
  JOIN seed_culture AS c ON c.position = pg_temp.pick(n, $2::bigint + 1, (SELECT count(*)::int FROM seed_culture))
  CROSS JOIN LATERAL (SELECT c.first_names -> pg_temp.pick(n, $2::bigint + 2, json_array_length(c.first_names)) AS name) AS f
  CROSS JOIN LATERAL (SELECT c.last_names -> pg_temp.pick(n, $2::bigint + 3, json_array_length(c.last_names)) AS name) AS l;`;

/** $1 tenant. */
const insertRecipients = [
  `INSERT INTO recipient (tenant_id, id, addresses, locale, time_zone, data, updated_at)
  SELECT $1::uuid, id, jsonb_build_object('email', email, 'phone', phone), locale, time_zone,
    jsonb_build_object('firstName', first_name, 'lastName', last_name), now()
  FROM seed_person`,
  `INSERT INTO device (id, tenant_id, recipient_id, token, platform)
  SELECT uuidv7(), $1::uuid, id, token, (ARRAY['ios', 'android', 'web'])[1 + n % 3] FROM seed_person WHERE token IS NOT NULL`,
];

/** $1 tenant, $2 seed, $3 until: a dozen of the last day that wait, a month and more ahead. */
const insertScheduled = `
  WITH written AS (
    INSERT INTO notification (id, tenant_id, mode, status, priority, bulk, category, template_id, template_version, recipient_id,
      addresses, channels, data, content, request_id, send_at, created_at)
    SELECT uuidv7(p.n * interval '-115 minutes'), $1::uuid, 'live', 'SCHEDULED', s.priority, false, s.category, s.template_id, s.version, p.id, '{}', s.channels,
      jsonb_build_object('orderId', 'A-10042', 'carrier', 'DHL', 'amount', '42.00 €', 'code', '000042', 'minutes', 10),
      s.content, 'campaign-' || p.n, date_trunc('hour', $3::timestamptz) + make_interval(days => 30 + p.n::int), $3::timestamptz + p.n * interval '-115 minutes'
    FROM seed_person AS p
    JOIN seed_send AS s ON pg_temp.share(p.n, $2::bigint + 50) >= s.low AND pg_temp.share(p.n, $2::bigint + 50) < s.high
    WHERE p.n <= 12 AND s.template_id IS NOT NULL
    RETURNING id, tenant_id, send_at
  )
  INSERT INTO schedule (notification_id, tenant_id, due_at) SELECT id, tenant_id, send_at FROM written`;

/** $1 tenant: usage as the pipeline would have counted it, from what was written. */
const insertUsage = `
  INSERT INTO usage (tenant_id, day, mode, channel, provider, category, accepted, sent, delivered, failed, units)
  SELECT d.tenant_id, (c.at AT TIME ZONE 'UTC')::date, d.mode, d.channel, c.provider, coalesce(n.category, ''),
    sum(c.accepted), sum(c.sent), sum(c.delivered), sum(c.failed), sum(c.units)
  FROM delivery AS d
  JOIN notification AS n ON n.id = d.notification_id AND n.tenant_id = d.tenant_id
  CROSS JOIN LATERAL (VALUES
    (d.created_at, '', 1, 0, 0, 0, 0),
    (d.sent_at, coalesce(d.provider, ''), 0, 1, 0, 0, d.units),
    (CASE WHEN d.status = 'DELIVERED' THEN d.settled_at END, coalesce(d.provider, ''), 0, 0, 1, 0, 0),
    (CASE WHEN d.status = 'FAILED' THEN d.settled_at END, coalesce(d.provider, ''), 0, 0, 0, 1, 0)
  ) AS c (at, provider, accepted, sent, delivered, failed, units)
  WHERE d.tenant_id = $1 AND c.at IS NOT NULL
  GROUP BY 1, 2, 3, 4, 5, 6`;
