import { migrate } from "@tidings/db/migrate";
import { createPartitions } from "@tidings/db/partitions";
import { operatorCommand } from "../operator-command";

const dayMs = 86_400_000;

export const migrateDatabase = operatorCommand({
  name: "migrate",
  description: "Bring the database up to date; safe to repeat, and while Tidings runs",
  args: {},
  async run(_args, { database, settings }) {
    const applied = await migrate({ url: settings.databaseUrl(), directory: settings.migrationsDirectory() });
    const now = Date.now();
    const partitions = await createPartitions(database, new Date(now - dayMs), new Date(now + 35 * dayMs));
    const lines = applied.map((name) => `Applied ${name}.`);
    if (partitions > 0) lines.push(`Made ${partitions} partitions for the weeks to come.`);
    return { data: { applied, partitions }, text: lines.join("\n") || "Nothing to do: the database is up to date." };
  },
});
