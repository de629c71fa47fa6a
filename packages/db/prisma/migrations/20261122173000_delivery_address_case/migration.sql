-- Addresses that differ in case alone are one mailbox: whoever asks for one finds the deliveries to all of them. Lowered by "C",
-- as some languages put no dot on the i of an I. Dropped first: one lock on the table, never a weaker one that is raised.
DROP INDEX "delivery_tenant_id_address_id_idx";
CREATE INDEX "delivery_lower_address_idx" ON "delivery" ("tenant_id", lower("address" COLLATE "C"), "id");
