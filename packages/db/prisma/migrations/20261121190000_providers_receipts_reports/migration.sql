-- A tenant's plan, and where its team is told of what it uses; whether the platform's provider accounts serve it where it
-- has none of its own; and whether its emails tell of being opened and clicked.
ALTER TABLE "tenant"
  ADD COLUMN "plan" TEXT NOT NULL DEFAULT 'unlimited',
  ADD COLUMN "contact_email" TEXT,
  ADD COLUMN "uses_platform_accounts" BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN "tracks_opens" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "tracks_clicks" BOOLEAN NOT NULL DEFAULT false;

-- Which account sent, and why it was chosen.
ALTER TABLE "attempt" ADD COLUMN "account" TEXT, ADD COLUMN "choice" TEXT;
ALTER TABLE "delivery" ADD COLUMN "failed_over" SMALLINT NOT NULL DEFAULT 0;

ALTER TABLE "usage" ADD COLUMN "delivered" BIGINT NOT NULL DEFAULT 0;

CREATE TABLE "provider_account" (
  "id" UUID NOT NULL PRIMARY KEY,
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "provider" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "channels" TEXT[] NOT NULL,
  "sealed_config" TEXT NOT NULL,
  "rank" INTEGER NOT NULL DEFAULT 0,
  "weight" INTEGER NOT NULL DEFAULT 100,
  "per_second" DOUBLE PRECISION,
  "burst" INTEGER,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "receipt_token" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);
CREATE INDEX "provider_account_tenant_id_id_idx" ON "provider_account" ("tenant_id", "id");
CREATE INDEX "provider_account_updated_at_idx" ON "provider_account" ("updated_at");
CREATE UNIQUE INDEX "provider_account_receipt_token_key" ON "provider_account" ("receipt_token");

-- What a provider that sends receipts took, by its own id. Written with the outcome, never changed.
CREATE TABLE "sent_message" (
  "account" TEXT NOT NULL,
  "provider_message_id" TEXT NOT NULL,
  "tenant_id" UUID NOT NULL,
  "delivery_id" UUID NOT NULL,
  "units" INTEGER NOT NULL DEFAULT 1,
  "sent_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("account", "provider_message_id")
);
CREATE INDEX "sent_message_sent_at_idx" ON "sent_message" USING brin ("sent_at");

-- Providers' calls as they came, once their signature held. Kept for 30 days.
CREATE TABLE "receipt_call" (
  "id" UUID NOT NULL PRIMARY KEY,
  "tenant_id" UUID,
  "account" TEXT NOT NULL,
  "provider" TEXT NOT NULL,
  "headers" JSONB NOT NULL,
  "body" BYTEA NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "receipt_call_tenant_id_id_idx" ON "receipt_call" ("tenant_id", "id");

-- What a call tells, each event once however often it is told. One that waits, for its delivery to be known or for its
-- turn, has a time at which it is looked at.
CREATE TABLE "receipt" (
  "account" TEXT NOT NULL,
  "event_id" TEXT NOT NULL,
  "id" UUID NOT NULL,
  "call_id" UUID,
  "provider" TEXT NOT NULL,
  "tenant_id" UUID,
  "delivery_id" UUID,
  "kind" TEXT NOT NULL,
  "channel" TEXT,
  "provider_message_id" TEXT,
  "address" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "reason" TEXT,
  "url" TEXT,
  "due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
  "applied_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("account", "event_id")
);
CREATE INDEX "receipt_due_at_idx" ON "receipt" ("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "receipt_tenant_id_delivery_id_idx" ON "receipt" ("tenant_id", "delivery_id");
CREATE INDEX "receipt_id_idx" ON "receipt" USING brin ("id");

-- Addresses that must not be sent to. An empty category stands for all of them.
CREATE TABLE "suppression" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "channel" TEXT NOT NULL,
  "address" TEXT NOT NULL,
  "category" TEXT NOT NULL DEFAULT '',
  "id" UUID NOT NULL,
  "reason" TEXT NOT NULL,
  "detail" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("tenant_id", "channel", "address", "category")
);
CREATE UNIQUE INDEX "suppression_tenant_id_id_key" ON "suppression" ("tenant_id", "id");

-- Categories that go out although the person unsubscribed; never to an address that bounced.
CREATE TABLE "category" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "key" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "transactional" BOOLEAN NOT NULL DEFAULT false,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("tenant_id", "key")
);

-- A tenant's URLs that receive reports. Secrets are sealed; the one before is valid until previous_until.
CREATE TABLE "endpoint" (
  "id" UUID NOT NULL PRIMARY KEY,
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "mode" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "description" TEXT,
  "events" TEXT[] NOT NULL,
  "channels" TEXT[] NOT NULL DEFAULT '{}',
  "categories" TEXT[] NOT NULL DEFAULT '{}',
  "sealed_headers" TEXT,
  "sealed_secret" TEXT NOT NULL,
  "sealed_previous_secret" TEXT,
  "previous_until" TIMESTAMPTZ(3),
  "per_second" DOUBLE PRECISION,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "disabled_reason" TEXT,
  "failing_since" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);
CREATE INDEX "endpoint_tenant_id_mode_idx" ON "endpoint" ("tenant_id", "mode");
CREATE INDEX "endpoint_updated_at_idx" ON "endpoint" ("updated_at");

-- One event for one endpoint, written in the transaction of what it tells. `facts` is what the body is made of.
CREATE SEQUENCE "report_sequence";
CREATE TABLE "report" (
  "id" UUID NOT NULL DEFAULT uuidv7(),
  "tenant_id" UUID NOT NULL,
  "mode" TEXT NOT NULL,
  "endpoint_id" UUID NOT NULL,
  "type" TEXT NOT NULL,
  "notification_id" UUID,
  "facts" JSONB NOT NULL,
  "sequence" BIGINT NOT NULL DEFAULT nextval('report_sequence'),
  "status" TEXT NOT NULL DEFAULT 'PENDING',
  "attempts" SMALLINT NOT NULL DEFAULT 0,
  "lease_until" TIMESTAMPTZ(3),
  "next_attempt_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
  "settled_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");
CREATE INDEX "report_endpoint_id_id_idx" ON "report" ("endpoint_id", "id");
CREATE INDEX "report_tenant_id_notification_id_idx" ON "report" ("tenant_id", "notification_id");

CREATE TABLE "report_attempt" (
  "report_id" UUID NOT NULL,
  "tenant_id" UUID NOT NULL,
  "number" SMALLINT NOT NULL,
  "outcome" TEXT NOT NULL,
  "status_code" SMALLINT,
  "response" TEXT,
  "reason" TEXT,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "duration_ms" INTEGER NOT NULL,
  PRIMARY KEY ("report_id", "number")
) PARTITION BY RANGE ("report_id");

-- Reports to look at again: those that were not delivered some seconds after they were written.
CREATE TABLE "report_schedule" (
  "report_id" UUID NOT NULL PRIMARY KEY,
  "endpoint_id" UUID NOT NULL,
  "due_at" TIMESTAMPTZ(3) NOT NULL
);
CREATE INDEX "report_schedule_due_at_idx" ON "report_schedule" ("due_at");
ALTER TABLE "report_schedule" SET (autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.01);

-- Files uploaded to be attached to emails.
CREATE TABLE "attachment" (
  "id" UUID NOT NULL PRIMARY KEY,
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "filename" TEXT NOT NULL,
  "content_type" TEXT NOT NULL,
  "content" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "attachment_tenant_id_id_idx" ON "attachment" ("tenant_id", "id");
ALTER TABLE "attachment" ALTER COLUMN "content" SET STORAGE EXTERNAL; -- what is attached is compressed already

-- Warnings about a quota that were given: one for each tenant, month, channel and threshold.
CREATE TABLE "quota_notice" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "month" DATE NOT NULL,
  "channel" TEXT NOT NULL,
  "percent" SMALLINT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("tenant_id", "month", "channel", "percent")
);

-- What was erased of a person on request: counts, never the person.
CREATE TABLE "erasure" (
  "id" UUID NOT NULL PRIMARY KEY,
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "requested_by" TEXT NOT NULL,
  "erased" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "erasure_tenant_id_id_idx" ON "erasure" ("tenant_id", "id");

-- Reports live in weeks like what they tell of.
CREATE OR REPLACE FUNCTION "partition_settings"(parent text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT format('fillfactor = %s, autovacuum_freeze_min_age = %s, autovacuum_vacuum_scale_factor = 0.1, '
      'autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.1, '
      'autovacuum_vacuum_insert_threshold = 100000',
    CASE parent WHEN 'notification' THEN 45 WHEN 'delivery' THEN 38 WHEN 'report' THEN 45 ELSE 100 END,
    CASE WHEN parent IN ('attempt', 'report_attempt') THEN 0 ELSE 100000 END)
$$;

CREATE OR REPLACE FUNCTION "create_partitions"(since timestamptz, until timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  week constant interval := '7 days';
  epoch constant timestamptz := '1970-01-01T00:00:00Z';
  start timestamptz := epoch + floor(extract(epoch FROM since) / extract(epoch FROM week)) * week;
  parent text;
  name text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('tidings.create_partitions'));
  WHILE start <= until LOOP
    FOREACH parent IN ARRAY ARRAY['notification', 'delivery', 'attempt', 'report', 'report_attempt'] LOOP
      name := parent || '_' || to_char(start AT TIME ZONE 'UTC', 'YYYYMMDD');
      IF to_regclass(quote_ident(name)) IS NULL THEN
        -- Attached, not created as a partition: that would lock everybody out of the parent.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) WITH (%s)', name, parent, partition_settings(parent));
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
          parent, name, uuid_at(start), uuid_at(start + week));
        made := made + 1;
      END IF;
    END LOOP;
    start := start + week;
  END LOOP;
  RETURN made;
END
$$;

CREATE OR REPLACE FUNCTION "drop_week"(start timestamptz) RETURNS text LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
DECLARE
  first constant uuid := uuid_at(start);
  beyond constant uuid := uuid_at(start + interval '7 days');
  suffix constant text := to_char(start AT TIME ZONE 'UTC', 'YYYYMMDD');
  is_unsettled boolean;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('tidings.drop_week')) THEN
    RETURN 'busy';
  END IF;
  SELECT EXISTS (SELECT FROM schedule WHERE notification_id >= first AND notification_id < beyond)
    OR EXISTS (
      SELECT FROM notification WHERE id >= first AND id < beyond
        AND id > coalesce((SELECT position FROM sweep_mark WHERE name = 'notification'), '00000000-0000-0000-0000-000000000000'))
  INTO is_unsettled;
  IF is_unsettled THEN
    RETURN 'unsettled';
  END IF;
  DELETE FROM dead_letter WHERE notification_id >= first AND notification_id < beyond;
  DELETE FROM report_schedule WHERE report_id >= first AND report_id < beyond;
  EXECUTE format('DROP TABLE IF EXISTS %I, %I, %I, %I, %I', 'attempt_' || suffix, 'delivery_' || suffix,
    'notification_' || suffix, 'report_attempt_' || suffix, 'report_' || suffix);
  RETURN 'dropped';
EXCEPTION WHEN lock_not_available THEN
  RETURN 'busy';
END
$$;

-- The weeks there are of what was partitioned before.
DO $$
DECLARE
  week record;
BEGIN
  FOR week IN SELECT to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS start
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = 'notification'::regclass
  LOOP
    PERFORM create_partitions(week.start, week.start);
  END LOOP;
END
$$;

INSERT INTO "sweep_mark" ("name", "position") VALUES ('report', '00000000-0000-0000-0000-000000000000')
ON CONFLICT DO NOTHING;
