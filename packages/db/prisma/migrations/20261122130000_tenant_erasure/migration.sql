-- Since when a tenant is erased: nobody can use it any more, and its rows are being deleted.
ALTER TABLE "tenant" ADD COLUMN "erased_at" TIMESTAMPTZ(3);
