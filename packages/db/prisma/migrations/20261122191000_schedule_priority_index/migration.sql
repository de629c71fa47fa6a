-- By class and time, as the sweep takes what is due; there already, where migrations run against a living installation.
CREATE INDEX IF NOT EXISTS "schedule_priority_due_at_idx" ON "schedule" ("priority", "due_at");
DROP INDEX IF EXISTS "schedule_due_at_idx";
