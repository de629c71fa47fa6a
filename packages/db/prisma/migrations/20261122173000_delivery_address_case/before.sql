-- Each week's part of the index, built while deliveries go on being written. The migration finds them there and only attaches
-- them; weeks that are made later get theirs from the parent. What a run that was interrupted has left is built anew.
SELECT unnest(ARRAY[
  format('DROP INDEX CONCURRENTLY IF EXISTS %I', index),
  format('CREATE INDEX CONCURRENTLY %I ON %I ("tenant_id", lower("address" COLLATE "C"), "id")', index, week)
]) AS statement
FROM (
  SELECT relname AS week, relname || '_lower_address_idx' AS index
  FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'delivery'::regclass
) AS weeks
ORDER BY week;
