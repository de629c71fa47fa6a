-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "logo" TEXT,
    "metadata" TEXT,
    "requests_per_second" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channel_limit" (
    "tenant_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "per_second" INTEGER NOT NULL,
    "burst" INTEGER NOT NULL,

    CONSTRAINT "channel_limit_pkey" PRIMARY KEY ("tenant_id","channel")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "key_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "scopes" TEXT[],
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recipient" (
    "tenant_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "addresses" JSONB NOT NULL DEFAULT '{}',
    "locale" TEXT,
    "time_zone" TEXT,
    "data" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recipient_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "device" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "recipient_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "template" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "category" TEXT,
    "draft" JSONB NOT NULL,
    "published_version" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "template_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "template_version" (
    "tenant_id" UUID NOT NULL,
    "template_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "variables" TEXT[],
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "template_version_pkey" PRIMARY KEY ("tenant_id","template_id","version")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "priority" SMALLINT NOT NULL,
    "bulk" BOOLEAN NOT NULL,
    "category" TEXT,
    "template_id" UUID,
    "template_version" INTEGER,
    "recipient_id" TEXT,
    "addresses" JSONB NOT NULL,
    "channels" TEXT[],
    "data" JSONB,
    "locale" TEXT,
    "content" JSONB,
    "request_id" TEXT NOT NULL,
    "idempotency_key" TEXT,
    "send_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "processing_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

-- CreateTable
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "notification_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "recipient_id" TEXT,
    "status" TEXT NOT NULL,
    "priority" SMALLINT NOT NULL,
    "siblings" SMALLINT NOT NULL,
    "attempt" SMALLINT NOT NULL DEFAULT 0,
    "lease_until" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3),
    "provider" TEXT,
    "provider_message_id" TEXT,
    "reason" TEXT,
    "units" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

-- CreateTable
CREATE TABLE "attempt" (
    "tenant_id" UUID NOT NULL,
    "delivery_id" UUID NOT NULL,
    "number" SMALLINT NOT NULL,
    "provider" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "provider_message_id" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("delivery_id","number")
) PARTITION BY RANGE ("delivery_id");

-- CreateTable
CREATE TABLE "inbox_item" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "recipient_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "action_url" TEXT,
    "data" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbox_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage" (
    "tenant_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "mode" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "accepted" BIGINT NOT NULL DEFAULT 0,
    "sent" BIGINT NOT NULL DEFAULT 0,
    "failed" BIGINT NOT NULL DEFAULT 0,
    "units" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "usage_pkey" PRIMARY KEY ("tenant_id","day","mode","channel","provider","category")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "tenant_id" UUID NOT NULL,
    "mode" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "status" SMALLINT,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("tenant_id","mode","key")
);

-- CreateTable
CREATE TABLE "schedule" (
    "notification_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("notification_id")
);

-- CreateTable
CREATE TABLE "sweep_mark" (
    "name" TEXT NOT NULL,
    "position" UUID NOT NULL,

    CONSTRAINT "sweep_mark_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "dead_letter" (
    "id" UUID NOT NULL,
    "tenant_id" UUID,
    "mode" TEXT,
    "notification_id" UUID,
    "topic" TEXT NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "payload" BYTEA NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "replayed_at" TIMESTAMPTZ(3),

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_key_id_key" ON "api_key"("key_id");

-- CreateIndex
CREATE INDEX "api_key_tenant_id_id_idx" ON "api_key"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "api_key_revoked_at_idx" ON "api_key"("revoked_at");

-- CreateIndex
CREATE INDEX "device_tenant_id_recipient_id_idx" ON "device"("tenant_id", "recipient_id");

-- CreateIndex
CREATE UNIQUE INDEX "device_tenant_id_token_key" ON "device"("tenant_id", "token");

-- CreateIndex
CREATE UNIQUE INDEX "template_tenant_id_key_key" ON "template"("tenant_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "template_tenant_id_id_key" ON "template"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "notification_tenant_id_id_idx" ON "notification"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "delivery_tenant_id_id_idx" ON "delivery"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "delivery_tenant_id_address_id_idx" ON "delivery"("tenant_id", "address", "id");

-- CreateIndex
CREATE INDEX "inbox_item_tenant_id_mode_recipient_id_created_at_id_idx" ON "inbox_item"("tenant_id", "mode", "recipient_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "schedule_due_at_idx" ON "schedule"("due_at");

-- CreateIndex
CREATE INDEX "schedule_tenant_id_notification_id_idx" ON "schedule"("tenant_id", "notification_id");

-- CreateIndex
CREATE INDEX "dead_letter_tenant_id_id_idx" ON "dead_letter"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "dead_letter_topic_partition_position_key" ON "dead_letter"("topic", "partition", "position");

-- AddForeignKey
ALTER TABLE "channel_limit" ADD CONSTRAINT "channel_limit_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recipient" ADD CONSTRAINT "recipient_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device" ADD CONSTRAINT "device_tenant_id_recipient_id_fkey" FOREIGN KEY ("tenant_id", "recipient_id") REFERENCES "recipient"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "template" ADD CONSTRAINT "template_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "template_version" ADD CONSTRAINT "template_version_tenant_id_template_id_fkey" FOREIGN KEY ("tenant_id", "template_id") REFERENCES "template"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say stands below.

-- Recipients' histories and callers' own request ids, without a cost to notifications that have neither.
CREATE INDEX "notification_recipient_idx" ON "notification"("tenant_id", "recipient_id", "id") WHERE "recipient_id" IS NOT NULL;
CREATE INDEX "notification_request_idx" ON "notification"("tenant_id", "request_id", "id") WHERE "request_id" NOT LIKE 'req\_%';

-- A notification that cannot be routed is published again from time to time: one letter says so until it is replayed.
CREATE UNIQUE INDEX "dead_letter_open_idx" ON "dead_letter"("notification_id") WHERE "notification_id" IS NOT NULL AND "replayed_at" IS NULL;

-- Old keys are found by age alone; rows arrive in that order.
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key" USING BRIN ("created_at");

-- Smallest UUIDv7 of a moment.
CREATE FUNCTION "uuid_at"(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Makes the weekly partitions of notification, delivery and attempt that cover [since, until]. Weeks are counted from the epoch.
-- Rows change a few times after they are written: free room in each page keeps those updates out of the indexes (HOT).
CREATE FUNCTION "create_partitions"(since timestamptz, until timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
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
    FOREACH parent IN ARRAY ARRAY['notification', 'delivery', 'attempt'] LOOP
      name := parent || '_' || to_char(start AT TIME ZONE 'UTC', 'YYYYMMDD');
      IF to_regclass(quote_ident(name)) IS NULL THEN
        -- Attached, not created as a partition: that would lock everybody out of the parent.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) WITH (fillfactor = %s)',
          name, parent, CASE parent WHEN 'attempt' THEN 100 ELSE 70 END);
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

SELECT create_partitions(now() - interval '1 day', now() + interval '5 weeks');
