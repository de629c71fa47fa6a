-- What Stripe knows of a tenant: its customer there, and what it has subscribed to, as last read from Stripe. `revision`
-- counts the readings that were written, so that one that was overtaken is not.
CREATE TABLE "subscription" (
  "tenant_id" UUID NOT NULL PRIMARY KEY REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "customer_id" TEXT NOT NULL,
  "subscription_id" TEXT,
  "status" TEXT,
  "plan" TEXT,
  "period_start" TIMESTAMPTZ(3),
  "period_end" TIMESTAMPTZ(3),
  "ends_at" TIMESTAMPTZ(3),
  "next_plan" TEXT,
  "past_due_since" TIMESTAMPTZ(3),
  "next_retry_at" TIMESTAMPTZ(3),
  "unpaid_invoice_url" TEXT,
  "metered_channels" TEXT[] NOT NULL DEFAULT '{}',
  "metered_since" TIMESTAMPTZ(3),
  "revision" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);
CREATE UNIQUE INDEX "subscription_customer_id_key" ON "subscription" ("customer_id");

-- Stripe's events, each once however often it is sent. One that waits to be applied has a time at which it is looked at.
CREATE TABLE "stripe_event" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "type" TEXT NOT NULL,
  "customer_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "attempts" SMALLINT NOT NULL DEFAULT 0,
  "due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
  "applied_at" TIMESTAMPTZ(3)
);
CREATE INDEX "stripe_event_due_at_idx" ON "stripe_event" ("due_at") WHERE "due_at" IS NOT NULL;
CREATE INDEX "stripe_event_received_at_idx" ON "stripe_event" USING brin ("received_at");

-- Units of a day in spans that never overlap, (from_units, to_units]: each is reported to Stripe in one meter event, or was
-- sent before the subscription and is not. What was attempted never changes, and of each tenant and channel at most one
-- span is in doubt: attempted, and not known to have arrived.
CREATE TABLE "metered_usage" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "channel" TEXT NOT NULL,
  "day" DATE NOT NULL,
  "from_units" BIGINT NOT NULL,
  "to_units" BIGINT NOT NULL CHECK ("to_units" > "from_units"),
  "attempted_at" TIMESTAMPTZ(3),
  "stamped_at" TIMESTAMPTZ(0),
  "settled_at" TIMESTAMPTZ(3),
  PRIMARY KEY ("tenant_id", "channel", "day", "from_units")
);
CREATE UNIQUE INDEX "metered_usage_in_doubt_key" ON "metered_usage" ("tenant_id", "channel")
  WHERE "attempted_at" IS NOT NULL AND "settled_at" IS NULL;
CREATE INDEX "metered_usage_open_idx" ON "metered_usage" ("tenant_id", "channel") WHERE "settled_at" IS NULL;
