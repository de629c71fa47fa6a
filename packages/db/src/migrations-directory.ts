import { fileURLToPath } from "node:url";

/** Where the migrations stand in the repository. A bundle passes its own path to `migrate` instead. */
export const migrationsDirectory = fileURLToPath(new URL("../prisma/migrations", import.meta.url));
