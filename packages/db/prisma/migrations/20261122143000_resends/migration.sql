-- The notifications that repeat another. Few do, and the others pay nothing.
CREATE INDEX "notification_resend_of_idx" ON "notification" ("tenant_id", "resend_of", "id") WHERE "resend_of" IS NOT NULL;
