-- When an endpoint failed last, to the hour: failures far apart are not one long outage. Nothing is rewritten for it.
ALTER TABLE "endpoint" ADD COLUMN "last_failed_at" TIMESTAMPTZ(3);
-- What kind of bounce: hard or soft. Receipts, which tell it too, are kept for 30 days only.
ALTER TABLE "delivery" ADD COLUMN "bounce" TEXT;
