-- The provider account that told of it: START there takes back these alone. Whose earlier STOPs were is known from their receipts,
-- as long as those are kept: of one that was applied in the half minute its transaction may have taken, in the same words,
-- unless another account has told of a STOP since. Looked up before the column takes its lock.
CREATE TEMPORARY TABLE "told" ON COMMIT DROP AS
SELECT s."tenant_id", s."id", min(r."account") AS "account"
FROM "suppression" AS s
JOIN "receipt" AS r ON r."address" = s."address" AND coalesce(r."channel", s."channel") = s."channel"
  AND coalesce(r."tenant_id", s."tenant_id") = s."tenant_id"
WHERE s."reason" = 'stop' AND r."kind" = 'unsubscribed' AND r."delivery_id" IS NULL AND r."applied_at" >= s."created_at"
GROUP BY s."tenant_id", s."id"
HAVING count(DISTINCT r."account") = 1
  AND bool_or(r."applied_at" <= s."created_at" + INTERVAL '30 seconds' AND r."reason" IS NOT DISTINCT FROM s."detail");

ALTER TABLE "suppression" ADD COLUMN "account" TEXT;

UPDATE "suppression" AS s SET "account" = t."account"
FROM "told" AS t WHERE s."tenant_id" = t."tenant_id" AND s."id" = t."id";
