-- How each table is stored and vacuumed, and how weeks that are older than the retention go. Prisma's schema says none of it.

-- Storage parameters of a partition; its parent can have none.
--
-- fillfactor: a stage updates the rows of a whole page in one statement, and the versions it replaces are not free before
-- it has committed. An update stays out of the indexes (HOT) only where a page has room for one more version of every row:
-- below 50, and less for deliveries, which grow by a third when they are sent. Measured over 5,000 of them in batches as
-- the pipeline's: 53 % HOT at 70, all at 45 and 38, in tables that end smaller, because no version moves to another page.
-- Attempts are never updated.
--
-- autovacuum_vacuum_scale_factor: HOT leaves little behind, so the usual fifth of a week would come days late.
-- autovacuum_vacuum_insert_*: new pages become known as all-visible while they are still in memory, a tenth at a time.
-- autovacuum_freeze_min_age: rows rest within minutes of their insert and are then frozen by the vacuum that passes anyway;
-- the one against wraparound finds nothing to do. 100,000 transactions are minutes under load; attempts rest at once.
-- autovacuum_vacuum_cost_* stay as they are: these tables are large, and their vacuum must leave the disk to the pipeline.
CREATE FUNCTION "partition_settings"(parent text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT format('fillfactor = %s, autovacuum_freeze_min_age = %s, autovacuum_vacuum_scale_factor = 0.1, '
      'autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.1, '
      'autovacuum_vacuum_insert_threshold = 100000',
    CASE parent WHEN 'notification' THEN 45 WHEN 'delivery' THEN 38 ELSE 100 END,
    CASE parent WHEN 'attempt' THEN 0 ELSE 100000 END)
$$;

-- Makes the weekly partitions of notification, delivery and attempt that cover [since, until]. Weeks are counted from the epoch.
CREATE OR REPLACE FUNCTION "create_partitions"(since timestamptz, until timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
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
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL) WITH (%s)', name, parent, partition_settings(parent));
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

-- Partitions that are there already: autovacuum follows at once, the fill of a page from the next page on.
DO $$
DECLARE
  partition record;
BEGIN
  FOR partition IN
    SELECT i.inhrelid::regclass AS name, p.relname AS parent
    FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhparent
    WHERE p.oid IN ('notification'::regclass, 'delivery'::regclass, 'attempt'::regclass)
  LOOP
    EXECUTE format('ALTER TABLE %s SET (%s)', partition.name, partition_settings(partition.parent));
  END LOOP;
END
$$;

-- A counter of today is updated with every batch, and no index covers what changes. With half of each page free its versions
-- follow one another inside the page until the next reader clears them away; vacuum is for what readers could not clear, as
-- behind a long transaction, and has to be done before the table has grown: early, and without pauses.
ALTER TABLE "usage" SET (fillfactor = 50, autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.01);

-- A queue: rows are deleted when they are due and listed again later. Dead entries gather where the next look begins, at the
-- low end of due_at, and only vacuum takes them out. due_at is indexed, so no fillfactor would make its updates HOT.
ALTER TABLE "schedule" SET (autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.01);

-- Two days of keys, of which the oldest hour is deleted each hour, a fiftieth: its room is given back before the next hour
-- needs it. Under load the table is large and lives on the disk of the 202, so its vacuum keeps its pauses.
ALTER TABLE "idempotency_key" SET (autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_scale_factor = 0.01);

-- One row, updated with every page the sweeper reads, and always HOT: its page holds nothing else. Readers clear it; the usual
-- threshold of 50 would call a vacuum for it every minute.
ALTER TABLE "sweep_mark" SET (autovacuum_vacuum_cost_delay = 0, autovacuum_vacuum_threshold = 10000);

-- The sweeper begins at the first id there is, however long notifications are kept.
INSERT INTO "sweep_mark" ("name", "position") VALUES ('notification', '00000000-0000-0000-0000-000000000000')
ON CONFLICT DO NOTHING;

-- Drops one week of notification, delivery and attempt, and the dead letters of its notifications.
--
-- 'unsettled': nothing was dropped, because a notification of that week waits to be sent, or was not read by the sweeper yet.
-- Every notification behind the sweeper's mark that is not settled is listed in schedule, and it is settled only when all its
-- deliveries are: two looks into indexes answer what would need a scan of the week otherwise.
-- 'busy': nothing was dropped, because another process is at it, or a table could not be locked within 100 ms. Whoever comes
-- after somebody that waits for such a lock waits as well, so it must not be waited for long. Files are removed after the
-- commit, when the locks are free again.
CREATE FUNCTION "drop_week"(start timestamptz) RETURNS text LANGUAGE plpgsql SET lock_timeout = '100ms' AS $$
DECLARE
  first constant uuid := uuid_at(start);
  beyond constant uuid := uuid_at(start + interval '7 days');
  suffix constant text := to_char(start AT TIME ZONE 'UTC', 'YYYYMMDD');
  is_unsettled boolean;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtext('tidings.drop_week')) THEN
    RETURN 'busy';
  END IF;
  SELECT EXISTS (SELECT FROM schedule WHERE notification_id >= first AND notification_id < beyond)
    OR EXISTS (
      SELECT FROM notification WHERE id >= first AND id < beyond
        AND id > coalesce((SELECT position FROM sweep_mark WHERE name = 'notification'), '00000000-0000-0000-0000-000000000000'))
  INTO is_unsettled;
  IF is_unsettled THEN
    RETURN 'unsettled';
  END IF;
  DELETE FROM dead_letter WHERE notification_id >= first AND notification_id < beyond;
  EXECUTE format('DROP TABLE IF EXISTS %I, %I, %I', 'attempt_' || suffix, 'delivery_' || suffix, 'notification_' || suffix);
  RETURN 'dropped';
EXCEPTION WHEN lock_not_available THEN
  RETURN 'busy';
END
$$;
