-- The platform's account by which a person said STOP: START there takes back these alone. What is known of earlier ones stands
-- in their receipts, as long as those are kept.
ALTER TABLE "suppression" ADD COLUMN "account" TEXT;

UPDATE "suppression" AS s
SET "account" = r."account"
FROM "receipt" AS r
WHERE s."reason" = 'stop' AND r."kind" = 'unsubscribed' AND r."tenant_id" IS NULL AND r."delivery_id" IS NULL
  AND r."address" = s."address" AND s."created_at" >= r."at";
