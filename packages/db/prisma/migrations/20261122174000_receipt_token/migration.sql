-- Which event each signature vouched for, where a provider signs a token and not the call: a token is good for that one alone.
-- Kept for a day, which is longer than a signature is taken.
CREATE TABLE "receipt_token" (
  "account" TEXT NOT NULL,
  "token" TEXT NOT NULL,
  "event_id" TEXT NOT NULL,
  "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("account", "token")
);
CREATE INDEX "receipt_token_seen_at_idx" ON "receipt_token" USING brin ("seen_at");
