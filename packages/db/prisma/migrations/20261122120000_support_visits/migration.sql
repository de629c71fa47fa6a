-- An operator's look into a tenant's console, for an hour and for a reason, without being of its team.
CREATE TABLE "support_visit" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "support_visit_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "support_visit_user_id_until_idx" ON "support_visit"("user_id", "until");
CREATE INDEX "support_visit_tenant_id_idx" ON "support_visit"("tenant_id");

ALTER TABLE "support_visit" ADD CONSTRAINT "support_visit_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "support_visit" ADD CONSTRAINT "support_visit_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
