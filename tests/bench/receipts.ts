import { receiptTokenOf, receiptUrlOf } from "@tidings/core/receipts/receipt-url";
import { resendKey } from "../fakes/resend-fake";
import { percentile } from "../load/load-plan";
import { startMailCompany, type Told } from "../load/mail-company-process";
import { oneTimeCodeBodies } from "../load/one-time-code";
import { type System, startSystem } from "../load/system";
import { atMost, defineBench, type Figure } from "./bench";
import { startSingleTrips } from "./ceilings/single-trips";
import { describeStores } from "./describe-stores";
import { createRunner } from "./find-highest-rate";
import { memoryFigures } from "./memory-figures";
import { pidsOf } from "./pids-of";
import { watchCosts } from "./process-costs";
import { waitUntilSettled } from "./settle";

const perSecond = 500;
/** Each other mail is told of twice. */
const callsEach = 1.5;
const connections = 32;
const tenants = 10;
const p99Ms = 25;
const account = "mail";
const webhookSecret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;

export const receipts = defineBench({
  name: "receipts",
  summary: `${perSecond} signed calls of a provider a second, half of the mails told of twice, in no order`,
  async run({ eventLog, scale, say }) {
    const company = await startMailCompany();
    const trips = startSingleTrips();
    const system = await startSystem({
      name: "bench",
      ...(eventLog && { eventLog }),
      env: { PROVIDER_ACCOUNTS: accountsAt(company.url) },
      onProgress: () => {},
    });
    try {
      const seconds = 30 * scale;
      const warmUpSeconds = 5 * scale;
      const mailsFor = (duration: number) => Math.round((duration * perSecond) / callsEach);
      const total = mailsFor(warmUpSeconds) + mailsFor(seconds);
      say(`${total} mails are sent`);
      await sendMails(system, total);
      await waitUntilSettled(system, { say });
      const mails = await readMails(system);
      if (mails.length !== total) throw new Error(`of ${total} mails, ${mails.length} were taken`);

      const secret = Buffer.from(system.stack.env.TIDINGS_SECRET as string, "base64");
      const path = receiptUrlOf("", "resend", receiptTokenOf(secret, account));
      const plan = { port: system.apiPort, path, secret: webhookSecret, perSecond, connections };
      say("warming up");
      const warmUp = await company.ask("tell", { ...plan, mails: mails.slice(0, mailsFor(warmUpSeconds)) });
      await waitUntilApplied(system);
      say(`${perSecond} calls a second for ${seconds} s`);
      const watched = watchCosts({ ...pidsOf(system), provider: () => company.pid });
      const told = await company.ask("tell", { ...plan, mails: mails.slice(mailsFor(warmUpSeconds)) });
      await waitUntilApplied(system);
      const costs = { told: watched() };
      const applied = await readApplied(system, total);
      const calls = [warmUp, told].reduce((sum, result) => sum + mustBeTaken(result), 0);

      say("the ceiling: one commit by itself");
      const { databaseUrl } = system.stack.connection;
      const commitMs = await trips.ask("timeCommits", databaseUrl, Math.round(2_000 * scale), 1_000 / perSecond);
      const p99 = percentile(told.latenciesMs, 0.99);
      const figures: Figure[] = [
        {
          what: "p50 of the answer",
          value: percentile(told.latenciesMs, 0.5),
          unit: "ms",
          ceiling: { what: "one commit in Postgres", value: commitMs },
        },
        { what: "p99 of the answer", value: p99, unit: "ms", promise: atMost(p99, p99Ms, `≤ ${p99Ms} ms`) },
        { what: "p50 of stored → applied", value: percentile(applied.tookMs, 0.5), unit: "ms" },
        { what: "p99 of stored → applied", value: percentile(applied.tookMs, 0.99), unit: "ms" },
        { what: "last answer → all applied", value: Math.max(0, applied.lastAtMs - told.endedAtMs), unit: "ms" },
        { what: "calls, each answered 200", value: calls, unit: "" },
        { what: "mails, each delivered once", value: total, unit: "" },
        ...memoryFigures(costs),
      ];
      const settings = { ...(await describeStores(system)), perSecond, seconds, warmUpSeconds, connections, tenants };
      return { figures, costs, settings };
    } finally {
      await Promise.all([company.stop(), trips.stop()]);
      await system.stop();
    }
  },
});

function accountsAt(apiUrl: string): string {
  const config = { apiKey: resendKey, from: "Tidings <hello@tidings.local>", webhookSecret, apiUrl };
  return JSON.stringify([{ id: account, provider: "resend", config }]);
}

async function sendMails(system: System, total: number): Promise<void> {
  const keys = (await system.createTenants(tenants, "live")).map(({ key }) => key);
  const run = createRunner(system.generator, {
    port: system.apiPort,
    keys,
    bodies: [oneTimeCodeBodies.email],
    perRequest: 100,
    hasIdempotencyKeys: false,
    connections: 8,
  });
  await run(null, total);
}

/** Mails of which the provider told us its id. */
async function readMails({ database }: System): Promise<{ id: string; to: string }[]> {
  return await database.$queryRaw`
    SELECT s.provider_message_id AS id, d.address AS "to"
    FROM sent_message AS s
    JOIN delivery AS d ON d.id = s.delivery_id AND d.tenant_id = s.tenant_id
    WHERE s.account = ${account} AND d.status = 'SENT'`;
}

const lookEveryMs = 50;
const stuckMs = 60_000;

/** @throws {Error} when some are not applied within a minute */
async function waitUntilApplied({ database }: System): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const left = await database.receipt.count({ where: { dueAt: { not: null } } });
    if (left === 0) return;
    if (performance.now() - startedAt > stuckMs) throw new Error(`${left} receipts are stuck`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** @returns how many calls there were @throws {Error} when one was not answered, or not with 200 */
function mustBeTaken({ calls, statuses }: Told): number {
  if (statuses[200] !== calls)
    throw new Error(`of ${calls} calls not all were answered 200: ${JSON.stringify(statuses)}`);
  return calls;
}

/**
 * That each mail's delivery was delivered once, by one receipt.
 * @returns how long receipts waited, ascending, and when the last was applied, in epoch milliseconds
 * @throws {Error} when the counts differ
 */
async function readApplied({ database }: System, total: number): Promise<{ tookMs: Float64Array; lastAtMs: number }> {
  const rows = await database.$queryRaw<{ deliveryId: string | null; storedAt: number; appliedAt: number | null }[]>`
    SELECT delivery_id AS "deliveryId", extract(epoch FROM uuid_extract_timestamp(id))::float8 * 1000 AS "storedAt",
      extract(epoch FROM applied_at)::float8 * 1000 AS "appliedAt"
    FROM receipt`;
  const [counted] = await database.$queryRaw<[{ delivered: number; used: number }]>`
    SELECT (SELECT count(*) FROM delivery WHERE status = 'DELIVERED')::int AS delivered,
      (SELECT coalesce(sum(delivered), 0) FROM usage)::int AS used`;
  const applied = rows.filter(({ deliveryId, appliedAt }) => deliveryId !== null && appliedAt !== null);
  const found = {
    ...{ mails: total, receipts: rows.length, applied: applied.length },
    deliveries: new Set(applied.map(({ deliveryId }) => deliveryId)).size,
    ...counted, // usage grows with each move to DELIVERED
  };
  if (Object.values(found).some((count) => count !== total))
    throw new Error(`the count does not come out even: ${JSON.stringify(found)}`);
  const tookMs = Float64Array.from(applied, ({ storedAt, appliedAt }) => (appliedAt as number) - storedAt).sort();
  return { tookMs, lastAtMs: Math.max(...applied.map(({ appliedAt }) => appliedAt as number)) };
}
