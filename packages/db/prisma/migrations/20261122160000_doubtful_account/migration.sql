-- Whose attempt may have gone through: only there the same key sends nothing twice. Nothing is rewritten for it.
ALTER TABLE "delivery" ADD COLUMN "doubtful_account" TEXT;
