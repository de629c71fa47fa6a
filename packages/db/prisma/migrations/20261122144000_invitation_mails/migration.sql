-- Mails of invitations of the last day by address, of no tenant: how many an address gets is bounded also when the tenants that
-- invited it are erased.
CREATE TABLE "invitation_mail" (
  "id" UUID NOT NULL PRIMARY KEY,
  "address_hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "invitation_mail_address_hash_created_at_idx" ON "invitation_mail" ("address_hash", "created_at");

INSERT INTO "invitation_mail" ("id", "address_hash", "created_at")
SELECT "id", encode(sha256(convert_to("email", 'UTF8')), 'hex'), "created_at" FROM "invitation"
WHERE "created_at" > CURRENT_TIMESTAMP - INTERVAL '24 hours';
