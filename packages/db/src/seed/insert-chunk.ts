import type { SeedHistory } from "./seed-plan";

type Statement = (history: SeedHistory, from: number, to: number) => { text: string; values: unknown[] };

/** Backoff between tries, in seconds. */
const backoffSeconds = 40;

/**
 * Statements that write the messages from one number to another, in order. Ids are UUIDv7, and a delivery's begins like its
 * notification's: their last 8 digits differ.
 */
export const insertChunk: readonly Statement[] = [
  () => ({ text: "TRUNCATE seed_message, seed_delivery", values: [] }),

  // When: more with each week, on working days and at daytime. The waves are low enough to leave times in order.
  ({ messages, seed, until, days }, from, to) => ({
    text: `
      INSERT INTO seed_message
      SELECT m.i, (m.beginning || substr(m.hash, 11, 8))::uuid, m.beginning, m.at, coalesce(m.send_at, m.at), m.send_at, m.mode,
        pg_temp.share(m.i, $4::bigint + 13) < 0.002, s.template_id, s.version, s.content, s.category, s.channels, s.priority, s.title,
        m.person, pg_temp.share(m.i, $4::bigint + 14) < 0.12 AND s.channels <@ '{email,sms,whatsapp}'
      FROM (
        SELECT i, at, hash, lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0')
            || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 7) AS beginning,
          CASE WHEN pg_temp.share(i, $4::bigint + 10) < 0.06 THEN 'test' ELSE 'live' END AS mode,
          CASE WHEN pg_temp.share(i, $4::bigint + 11) < 0.012 AND at < $5::timestamptz - interval '1 day'
            THEN date_trunc('minute', at + (1 + 20 * pg_temp.share(i, $4::bigint + 12)) * interval '1 hour') END AS send_at,
          1 + floor((SELECT count(*) FROM seed_person) * power(pg_temp.share(i, $4::bigint + 15), 1.7))::int AS person
        FROM (
          SELECT i, md5($4::bigint || ':' || i || ':' || $5::timestamptz) AS hash,
            least(began + make_interval(secs => 86400 * (day - 0.11 * sin(2 * pi() * day - 1.2 * pi()))),
              $5::timestamptz - pg_temp.share(i, $4::bigint + 16) * interval '30 minutes') AS at
          FROM (
            SELECT i, began, day + 0.4 * sin(2 * pi() * (day + extract(dow FROM began)) / 7) AS day
            FROM (
              SELECT i, began, power(i::float8 / $3::float8, 0.85) * extract(epoch FROM $5::timestamptz - began) / 86400 AS day
              FROM generate_series($1::int, $2::int) AS i,
                (SELECT date_trunc('day', $5::timestamptz, 'UTC') - make_interval(days => $6::int) AS began) AS b
            ) AS numbered
          ) AS weekly
        ) AS timed
      ) AS m
      JOIN seed_send AS s ON pg_temp.share(m.i, $4::bigint + 17) >= s.low AND pg_temp.share(m.i, $4::bigint + 17) < s.high`,
    values: [from, to, messages, seed, until, days],
  }),

  ({ seed }) => ({
    text: `
      INSERT INTO seed_delivery
      SELECT d.i, d.n, (d.beginning || substr(md5(d.n || ':' || d.address), 1, 8))::uuid, d.id, d.mode, d.channel, d.address,
        CASE WHEN d.is_raw THEN NULL ELSE d.person_id END, d.category, d.title, d.priority, d.status,
        d.tries, CASE WHEN d.tries > 0 THEN d.provider END, d.account, d.choice, d.has_receipts,
        CASE WHEN d.is_sent THEN d.id_prefix || md5(d.n || ':' || d.beginning) || d.id_suffix END, d.reason,
        CASE WHEN NOT d.is_sent THEN 0 WHEN d.channel = 'sms' THEN 1 + pg_temp.pick(d.n, $1::bigint + 29, 2) ELSE 1 END,
        d.created_at, d.started_at, d.duration_ms, CASE WHEN d.is_sent THEN d.sent_at END,
        CASE WHEN d.status IN ('DELIVERED', 'BOUNCED')
          THEN d.sent_at + (1 + 20 * power(pg_temp.share(d.n, $1::bigint + 28), 3)) * interval '1 second'
          WHEN d.status = 'SKIPPED' THEN d.created_at ELSE d.sent_at END
      FROM (
        SELECT e.*, e.created_at + (10 + 40 * power(pg_temp.share(e.n, $1::bigint + 25), 4)) * interval '1 millisecond' AS started_at,
          e.created_at + make_interval(secs => 0.03 + greatest(0, e.tries - 1) * ${backoffSeconds}) + e.duration_ms * interval '1 millisecond'
            AS sent_at,
          e.status IN ('SENT', 'DELIVERED', 'BOUNCED') AS is_sent
        FROM (
          SELECT c.*, a.*, c.began + (6 + 10 * pg_temp.share(c.n, $1::bigint + 24)) * interval '1 millisecond' AS created_at,
            (25 * exp(3.2 * power(pg_temp.share(c.n, $1::bigint + 26), 2)))::int AS duration_ms,
            coalesce(x.status, CASE WHEN a.has_receipts AND pg_temp.share(c.n, $1::bigint + 23) < 0.9 THEN 'DELIVERED' ELSE 'SENT' END)
              AS status,
            x.reason, coalesce(x.tries, CASE WHEN pg_temp.share(c.n, $1::bigint + 27) < 0.03 THEN 2 ELSE 1 END) AS tries
          FROM (
            SELECT m.*, m.i * 16::bigint + t.position AS n, t.channel, p.id AS person_id,
              CASE t.channel WHEN 'email' THEN p.email WHEN 'sms' THEN p.phone WHEN 'whatsapp' THEN p.phone
                WHEN 'push' THEN p.token WHEN 'in_app' THEN p.id WHEN 'webhook' THEN 'https://hooks.example.com/orders'
                ELSE 'https://hooks.slack.com/services/T0SEED/B0SEED/' || lpad((p.n % 7)::text, 4, '0') END AS address
            FROM seed_message AS m JOIN seed_person AS p ON p.n = m.person,
              unnest(m.channels) WITH ORDINALITY AS t (channel, position)
            WHERE NOT m.is_canceled
          ) AS c
          JOIN LATERAL (
            SELECT provider, account, choice, has_receipts, id_prefix, id_suffix FROM seed_account
            WHERE channel = c.channel AND c.mode = 'live'
              AND pg_temp.share(c.n, $1::bigint + 21) >= low AND pg_temp.share(c.n, $1::bigint + 21) < high
            UNION ALL
            SELECT 'sandbox', 'sandbox', 'a test message', false, 'sandbox-', '' WHERE c.mode = 'test'
          ) AS a ON true
          LEFT JOIN LATERAL (
            SELECT status, reason, tries FROM (
              SELECT 0 AS rank, 'FAILED' AS status, reason, 5 AS tries FROM seed_incident
              WHERE channel = c.channel AND c.began >= since AND c.began < until AND pg_temp.share(c.n, $1::bigint + 20) < share
              UNION ALL
              SELECT 1, status, reason, tries FROM seed_ending
              WHERE channel = c.channel AND pg_temp.share(c.n, $1::bigint + 22) >= low AND pg_temp.share(c.n, $1::bigint + 22) < high
            ) AS possible
            WHERE c.mode = 'live' ORDER BY rank LIMIT 1
          ) AS x ON true
          WHERE c.address IS NOT NULL
        ) AS e
      ) AS d`,
    values: [seed],
  }),

  ({ tenantId, seed }) => ({
    text: `
      INSERT INTO notification (id, tenant_id, mode, status, priority, bulk, category, template_id, template_version,
        recipient_id, addresses, channels, data, content, request_id, idempotency_key, send_at, created_at, processing_at,
        settled_at, reason)
      SELECT m.id, $1::uuid, m.mode,
        CASE WHEN m.is_canceled THEN 'CANCELED' WHEN coalesce(d.tried, 0) = 0 THEN 'SKIPPED' WHEN d.failed = 0 THEN 'SENT'
          WHEN d.failed = d.tried THEN 'FAILED' ELSE 'PARTIAL' END,
        m.priority, m.priority = 3, m.category, m.template_id, m.version, CASE WHEN m.is_raw THEN NULL ELSE p.id END,
        CASE WHEN m.is_raw THEN jsonb_build_object('email', p.email, 'phone', p.phone) ELSE '{}' END, m.channels,
        CASE WHEN m.template_id IS NOT NULL THEN jsonb_build_object('firstName', p.first_name,
          'orderId', 'A-' || 10000 + m.i % 90000, 'carrier', (ARRAY['DHL', 'FedEx', 'CTT', 'Correos', 'PostNL'])[1 + m.i % 5],
          'amount', to_char(5 + pg_temp.share(m.i, $2::bigint + 30) * 200, 'FM990.00') || ' €',
          'code', lpad((m.i::bigint * 7919 % 1000000)::text, 6, '0'), 'minutes', 10) END,
        m.content,
        CASE WHEN pg_temp.share(m.i, $2::bigint + 31) < 0.7
          THEN 'req_' || overlay(m.id::text PLACING substr(md5(m.i::text), 1, 8) FROM 29)
          ELSE 'checkout-' || substr(md5(m.i || ':' || $2::bigint), 1, 12) END,
        CASE WHEN pg_temp.share(m.i, $2::bigint + 32) < 0.4 THEN 'order-' || m.i || '-' || coalesce(m.category, 'note') END,
        coalesce(m.send_at, CASE WHEN m.is_canceled THEN m.at + interval '2 days' END), m.at,
        CASE WHEN NOT m.is_canceled THEN m.began + interval '5 milliseconds' END,
        CASE WHEN m.is_canceled THEN m.at + interval '9 minutes'
          ELSE coalesce(d.settled_at, m.began + interval '6 milliseconds') END,
        CASE WHEN NOT m.is_canceled AND d.i IS NULL
          THEN 'the recipient has no address for ' || array_to_string(m.channels, ', ') END
      FROM seed_message AS m
      JOIN seed_person AS p ON p.n = m.person
      LEFT JOIN (
        SELECT i, count(*) FILTER (WHERE status <> 'SKIPPED') AS tried,
          count(*) FILTER (WHERE status IN ('FAILED', 'BOUNCED')) AS failed, max(settled_at) AS settled_at
        FROM seed_delivery GROUP BY i
      ) AS d ON d.i = m.i
      ORDER BY m.id`,
    values: [tenantId, seed],
  }),

  ({ tenantId }) => ({
    text: `
      INSERT INTO delivery (id, tenant_id, mode, notification_id, channel, address, recipient_id, status, priority, siblings,
        attempt, provider, provider_message_id, reason, units, created_at, sent_at, settled_at)
      SELECT id, $1::uuid, mode, notification_id, channel, address, recipient_id, status, priority,
        count(*) OVER (PARTITION BY notification_id), tries, provider, provider_message_id, reason, units, created_at, sent_at,
        settled_at
      FROM seed_delivery ORDER BY id`,
    values: [tenantId],
  }),

  ({ tenantId }) => ({
    text: `
      INSERT INTO attempt (tenant_id, delivery_id, number, provider, account, choice, outcome, reason, provider_message_id,
        started_at, duration_ms)
      SELECT $1::uuid, d.id, number, d.provider, d.account, d.choice,
        CASE WHEN number < d.tries THEN 'deferred' WHEN d.status = 'FAILED' THEN 'rejected'
          WHEN d.status = 'UNKNOWN' THEN 'unknown' ELSE 'sent' END,
        CASE WHEN number < d.tries THEN CASE d.channel
            WHEN 'email' THEN '451 4.7.1 Greylisted, please try again in 30 seconds' ELSE '429 Too Many Requests' END
          WHEN d.status IN ('FAILED', 'UNKNOWN') THEN d.reason END,
        CASE WHEN number = d.tries THEN d.provider_message_id END,
        d.started_at + (number - 1) * interval '${backoffSeconds} seconds', d.duration_ms
      FROM seed_delivery AS d, generate_series(1, d.tries) AS number
      WHERE d.tries > 0 ORDER BY d.id, number`,
    values: [tenantId],
  }),

  // What providers told later, as long as receipts are kept.
  ({ tenantId, seed, until }) => ({
    text: `
      INSERT INTO receipt (account, event_id, id, provider, tenant_id, delivery_id, kind, provider_message_id, at, reason, url,
        due_at, applied_at)
      SELECT d.account, md5(d.id || ':' || r.kind),
        (lpad(to_hex(floor(extract(epoch FROM r.at) * 1000)::bigint), 12, '0') || '7' || substr(md5(d.id || r.kind), 1, 3)
          || '8' || substr(md5(d.id || r.kind), 4, 15))::uuid,
        d.provider, $1::uuid, d.id, r.kind, d.provider_message_id, r.at, r.reason, r.url, NULL, r.at + interval '1 second'
      FROM seed_delivery AS d
      CROSS JOIN LATERAL (SELECT pg_temp.share(d.n, $2::bigint + 40) AS chance, pg_temp.share(d.n, $2::bigint + 41) AS wait) AS s
      CROSS JOIN LATERAL (VALUES
        (d.status = 'BOUNCED', 'bounced_hard', d.settled_at, d.reason, NULL),
        (d.status = 'DELIVERED' AND d.channel = 'email' AND s.chance < 0.38, 'opened', d.settled_at + s.wait * interval '9 hours', NULL, NULL),
        (d.status = 'DELIVERED' AND d.channel = 'email' AND s.chance < 0.09, 'clicked',
          d.settled_at + s.wait * interval '9 hours' + interval '20 seconds', NULL, 'https://shop.example.com/orders'),
        (d.status = 'DELIVERED' AND d.channel = 'email' AND s.chance > 0.9993, 'complained', d.settled_at + s.wait * interval '2 days',
          'marked as spam', NULL)
      ) AS r (happened, kind, at, reason, url)
      WHERE d.mode = 'live' AND d.has_receipts AND r.happened AND r.at > $3::timestamptz - interval '30 days' AND r.at < $3::timestamptz
      ON CONFLICT DO NOTHING`,
    values: [tenantId, seed, until],
  }),

  // Reports of what endpoints listen to, each with its tries.
  ({ tenantId, seed }) => ({
    text: `
      WITH told AS (
        INSERT INTO report (id, tenant_id, mode, endpoint_id, type, notification_id, facts, status, attempts, created_at, settled_at)
        SELECT (lpad(to_hex(floor(extract(epoch FROM d.settled_at) * 1000)::bigint), 12, '0') || '7'
            || substr(md5(d.id::text || e.id), 1, 3) || '8' || substr(md5(d.id::text || e.id), 4, 15))::uuid,
          $1::uuid, d.mode, e.id, 'delivery.' || lower(d.status), d.notification_id,
          jsonb_build_object('id', d.id, 'notificationId', d.notification_id, 'channel', d.channel, 'address', d.address,
            'recipientId', d.recipient_id, 'category', d.category, 'status', d.status, 'provider', d.provider,
            'providerMessageId', d.provider_message_id, 'reason', d.reason, 'attempt', d.tries),
          CASE WHEN s.chance < e.failing THEN 'FAILED' ELSE 'DELIVERED' END,
          CASE WHEN s.chance < e.failing THEN 8 WHEN s.chance > 0.96 THEN 2 ELSE 1 END,
          d.settled_at, d.settled_at + CASE WHEN s.chance < e.failing THEN interval '27 hours' ELSE interval '300 milliseconds' END
        FROM seed_delivery AS d
        JOIN seed_endpoint AS e ON d.status = ANY(e.statuses) AND d.settled_at >= e.since AND d.settled_at < e.until
        CROSS JOIN LATERAL (SELECT pg_temp.share(d.n, $2::bigint + 42) AS chance) AS s
        WHERE d.mode = 'live'
        RETURNING id, status, attempts, created_at
      )
      INSERT INTO report_attempt (report_id, tenant_id, number, outcome, status_code, response, reason, started_at, duration_ms)
      SELECT t.id, $1::uuid, number, CASE WHEN s.is_good THEN 'delivered' ELSE 'failed' END, CASE WHEN s.is_good THEN 200 ELSE 503 END,
        CASE WHEN s.is_good THEN '{"ok":true}' ELSE '<html><body><h1>503 Service Unavailable</h1></body></html>' END,
        CASE WHEN NOT s.is_good THEN 'answered 503' END,
        t.created_at + interval '50 milliseconds' + (ARRAY[0, 5, 305, 2105, 9305, 27305, 63305, 97200])[number] * interval '1 second',
        40 + pg_temp.pick(number, hashtextextended(t.id::text, $2::bigint), 400)
      FROM told AS t, generate_series(1, t.attempts) AS number
      CROSS JOIN LATERAL (SELECT t.status = 'DELIVERED' AND number = t.attempts AS is_good) AS s`,
    values: [tenantId, seed],
  }),

  ({ tenantId, seed, until }) => ({
    text: `
      INSERT INTO inbox_item (id, tenant_id, mode, recipient_id, title, body, created_at, read_at)
      SELECT id, $1::uuid, mode, address, title, 'Open it to see more.', created_at,
        CASE WHEN pg_temp.share(n, $2::bigint + 43) < 0.6 THEN created_at + pg_temp.share(n, $2::bigint + 44) * interval '12 hours' END
      FROM seed_delivery WHERE channel = 'in_app' AND sent_at > $3::timestamptz - interval '30 days'`,
    values: [tenantId, seed, until],
  }),

  ({ tenantId, seed, until }) => ({
    text: `
      INSERT INTO suppression (tenant_id, channel, address, id, reason, detail, created_at)
      SELECT DISTINCT ON (channel, address) $1::uuid, channel, lower(address),
        (lpad(to_hex(floor(extract(epoch FROM settled_at) * 1000)::bigint), 12, '0') || '7' || substr(md5(id || 's'), 1, 3)
          || '8' || substr(md5(id || 's'), 4, 15))::uuid, 'hard_bounce', reason, settled_at
      FROM seed_delivery
      WHERE status = 'BOUNCED' AND mode = 'live' AND settled_at < $3::timestamptz AND pg_temp.share(n, $2::bigint + 45) < 0.1
      ORDER BY channel, address, settled_at
      ON CONFLICT DO NOTHING`,
    values: [tenantId, seed, until],
  }),
];
