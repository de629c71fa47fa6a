-- Claims that met an account with no connection free. They are no attempts, and the claim's own number must still only grow:
-- it is what a late report is told apart by.
-- Behind a long reader it gives up rather than hold up every claim: run it again then.
SET LOCAL lock_timeout = '5s';
ALTER TABLE "delivery" ADD COLUMN "busy" SMALLINT NOT NULL DEFAULT 0;
