-- Claims that met an account with no connection free. They are no attempts, and the claim's own number must still only grow:
-- it is what a late report is told apart by.
ALTER TABLE "delivery" ADD COLUMN "busy" SMALLINT NOT NULL DEFAULT 0;
