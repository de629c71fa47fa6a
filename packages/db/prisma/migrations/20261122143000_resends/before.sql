-- Each week's part of the index, built while notifications go on being written. The migration finds them there and only attaches
-- them; weeks that are made later get theirs from the parent. What a run that was interrupted has left is built anew.
SELECT unnest(ARRAY[
  format('DROP INDEX CONCURRENTLY IF EXISTS %I', index),
  format('CREATE INDEX CONCURRENTLY %I ON %I ("tenant_id", "resend_of", "id") WHERE "resend_of" IS NOT NULL', index, week)
]) AS statement
FROM (
  SELECT relname AS week, relname || '_tenant_id_resend_of_id_idx' AS index
  FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'notification'::regclass
) AS weeks
ORDER BY week;
