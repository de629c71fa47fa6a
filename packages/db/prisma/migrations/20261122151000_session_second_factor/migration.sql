-- Whether the identity provider of a session begun by single sign-on says that it asked for a second factor; null for one begun
-- here, where it is asked for when it is set up.
ALTER TABLE "session" ADD COLUMN "second_factor" BOOLEAN;
