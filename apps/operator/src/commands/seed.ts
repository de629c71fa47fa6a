import { seedMessages } from "@tidings/db/seed/seed-messages";
import type { SeedHistory } from "@tidings/db/seed/seed-plan";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { operatorCommand } from "../operator-command";
import { prepareTenant } from "../seed/prepare-tenant";
import { seedDeadLetters } from "../seed/seed-dead-letters";
import { seedTenants } from "../seed/seed-tenants";
import { readOptions } from "../usage-error";

/** Days of the history, today included. */
const days = 60;

const wishes = z.object({
  messages: z.coerce.number().int().min(100).max(20_000_000),
  seed: z.coerce.number().int().min(0).max(1_000_000),
});

export const seed = operatorCommand({
  name: "seed",
  description: "Fill an installation with three tenants and two months of messages, to look at and to measure",
  args: {
    messages: { type: "string", description: "Messages of the largest tenant; 20000 unless given" },
    seed: { type: "string", description: "Another number makes another history; 1 unless given" },
  },
  async run(given, { database, hasher, sealer, settings }) {
    const { messages, seed } = readOptions(wishes, { messages: given.messages ?? "20000", seed: given.seed ?? "1" });
    const slugs = seedTenants.map(({ slug }) => slug);
    const there = await database.tenant.findFirst({ where: { slug: { in: slugs } } });
    if (there)
      throw new Refusal("already_exists", `There is a tenant ${there.slug} already: this database was seeded.`);
    const began = performance.now();
    const until = new Date();
    const histories: SeedHistory[] = [];
    for (const [index, tenant] of seedTenants.entries()) {
      const history = await prepareTenant({ database, hasher, sealer }, tenant, {
        ...{ messages, days, until },
        seed: seed * 1_000 + index * 100,
      });
      histories.push(history);
    }
    await seedMessages(settings.databaseUrl(), histories);
    for (const { tenantId } of histories) await seedDeadLetters(database, tenantId, until);
    const data = histories.map(({ messages }, index) => ({ slug: slugs[index] ?? "", messages }));
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    const lines = data.map((tenant) => `${tenant.slug.padEnd(16)} ${tenant.messages} messages`);
    return { data, text: `${lines.join("\n")}\nSeeded in ${seconds} s.` };
  },
});
