-- Built while notifications go on being listed; what a run that was interrupted has left is built anew.
SELECT unnest(ARRAY[
  'DROP INDEX CONCURRENTLY IF EXISTS "schedule_priority_due_at_idx"',
  'CREATE INDEX CONCURRENTLY "schedule_priority_due_at_idx" ON "schedule" ("priority", "due_at")'
]) AS statement;
