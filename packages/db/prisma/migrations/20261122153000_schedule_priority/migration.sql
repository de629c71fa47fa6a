-- What is due is taken class by class, so that after an outage a one-time password does not stand behind a flood of bulk. Who
-- lists without a class, as a process of the version before, lists as normal; the sweep lists it with its own the next time.
ALTER TABLE "schedule" ADD COLUMN "priority" SMALLINT NOT NULL DEFAULT 2;
