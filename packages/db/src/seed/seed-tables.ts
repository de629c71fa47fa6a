/** What the statements of a seed work with: tables and functions of the session. */
export const seedTables = `
  DROP TABLE IF EXISTS pg_temp.seed_culture, pg_temp.seed_send, pg_temp.seed_account, pg_temp.seed_ending, pg_temp.seed_incident,
    pg_temp.seed_endpoint, pg_temp.seed_person, pg_temp.seed_message, pg_temp.seed_delivery;
  -- A random number in [0, 1) that is the same for the same number and salt.
  CREATE OR REPLACE FUNCTION pg_temp.share(n bigint, salt bigint) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended(n, salt) & 4294967295)::float8 / 4294967296
  $$;
  CREATE OR REPLACE FUNCTION pg_temp.pick(n bigint, salt bigint, size int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT ((hashint8extended(n, salt) & 4294967295) % size)::int
  $$;

  CREATE TEMP TABLE seed_culture (position int, locale text, time_zone text, country_code text, first_names json,
    last_names json, domains json);
  CREATE TEMP TABLE seed_send (low float8, high float8, template_id uuid, version int, content jsonb, category text,
    channels text[], priority smallint, title text);
  CREATE TEMP TABLE seed_account (channel text, low float8, high float8, provider text, account text, choice text,
    has_receipts boolean, id_prefix text, id_suffix text);
  CREATE TEMP TABLE seed_ending (channel text, low float8, high float8, status text, reason text, tries int);
  CREATE TEMP TABLE seed_incident (channel text, since timestamptz, until timestamptz, share float8, reason text);
  CREATE TEMP TABLE seed_endpoint (id uuid, statuses text[], since timestamptz, until timestamptz, failing float8);
  CREATE TEMP TABLE seed_person (n int PRIMARY KEY, id text, first_name text, last_name text, email text, phone text,
    token text, locale text, time_zone text);

  -- What one run of the statements writes.
  CREATE TEMP TABLE seed_message (i int, id uuid, beginning text, at timestamptz, began timestamptz, send_at timestamptz,
    mode text, is_canceled boolean, template_id uuid, version int, content jsonb, category text, channels text[],
    priority smallint, title text, person int, is_raw boolean);
  CREATE TEMP TABLE seed_delivery (i int, n bigint, id uuid, notification_id uuid, mode text, channel text, address text,
    recipient_id text, category text, title text, priority smallint, status text, tries int, provider text, account text,
    choice text, has_receipts boolean, provider_message_id text, reason text, units int, created_at timestamptz,
    started_at timestamptz, duration_ms int, sent_at timestamptz, settled_at timestamptz)`;
