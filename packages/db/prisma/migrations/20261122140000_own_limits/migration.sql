-- What a tenant's team wants at most, apart from what the operator gives it. Limits of before count as the operator's: nothing
-- that an operator set may be lifted by this.
ALTER TABLE "tenant" ADD COLUMN "own_requests_per_second" INTEGER;

CREATE TABLE "own_channel_limit" (
  "tenant_id" UUID NOT NULL REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "channel" TEXT NOT NULL,
  "per_second" INTEGER NOT NULL,
  "burst" INTEGER NOT NULL,
  PRIMARY KEY ("tenant_id", "channel")
);
