import type { Database } from "@tidings/db/client";
import type { Logger } from "@tidings/runtime/logger";
import { monthOf, planIds, plans, quotaOf, quotaThresholds } from "@tidings/shared/plans";
import type { QueueReports } from "../reports/queue-reports";
import { writeReports } from "../reports/write-reports";
import type { NotifyTeam } from "../tenants/notify-team";
import { quotaUnits } from "./load-quota-use";

export interface WarnOfQuotasDeps {
  database: Database;
  queueReports: QueueReports;
  notifyTeam: NotifyTeam;
  logger: Logger;
}

/** A tenant that has reached a share of a quota it was not told of. */
interface Reached {
  tenantId: string;
  channel: string;
  used: number;
  quota: number;
  /** Thresholds that are reached and new, lowest first. */
  percents: number[];
}

/**
 * Tells tenants that 80 or 100 % of a month's quota is used: their endpoints by `quota.warning` and `quota.exceeded`, their
 * team by email, each threshold once a month. Of two that are reached at once only the higher is told.
 * Safe to repeat and to run twice at once: the email's key and the notice's row each let one through. The email goes first,
 * so that a crash between the two costs neither.
 * @returns how many were told of
 */
export async function warnOfQuotas(deps: WarnOfQuotasDeps, nowMs = Date.now()): Promise<number> {
  const month = monthOf(nowMs);
  const found = await findReached(deps.database, month);
  let told = 0;
  for (const reached of found) told += (await tell(deps, month, reached)) ? 1 : 0;
  return told;
}

const quotas = planIds.flatMap((plan) =>
  Object.keys(plans[plan].monthlyUnits).map((channel) => ({ plan, channel, quota: quotaOf(plans[plan], channel) })),
);

async function findReached(database: Database, { startMs, endMs }: ReturnType<typeof monthOf>): Promise<Reached[]> {
  const start = new Date(startMs).toISOString().slice(0, 10);
  const end = new Date(endMs).toISOString().slice(0, 10);
  return await database.$queryRaw<Reached[]>`
    WITH used AS (
      SELECT t.id AS tenant_id, q.channel, q.quota, sum(${quotaUnits}) AS used
      FROM json_to_recordset(${JSON.stringify(quotas)}::json) AS q (plan text, channel text, quota bigint)
      JOIN tenant AS t ON t.plan = q.plan
      JOIN usage AS u ON u.tenant_id = t.id AND u.channel = q.channel AND u.mode = 'live'
        AND u.day >= ${start}::date AND u.day < ${end}::date
      GROUP BY t.id, q.channel, q.quota
    )
    SELECT used.tenant_id AS "tenantId", used.channel, used.used::float8 AS used, used.quota::float8 AS quota,
      array_agg(p.percent ORDER BY p.percent) AS percents
    FROM used CROSS JOIN unnest(${[...quotaThresholds]}::int[]) AS p (percent)
    LEFT JOIN quota_notice AS n ON n.tenant_id = used.tenant_id AND n.month = ${start}::date
      AND n.channel = used.channel AND n.percent = p.percent
    WHERE used.used * 100 >= used.quota * p.percent AND n.percent IS NULL
    GROUP BY 1, 2, 3, 4`;
}

async function tell(deps: WarnOfQuotasDeps, month: ReturnType<typeof monthOf>, reached: Reached): Promise<boolean> {
  const { database, queueReports, notifyTeam, logger } = deps;
  const { tenantId, channel, used, quota, percents } = reached;
  const percent = Math.max(...percents);
  const isExceeded = percent >= 100;
  const hasTeam = await notifyTeam(tenantId, messageOf(month.name, reached, percent));
  const day = new Date(month.startMs);
  const written = await database.$transaction(async (transaction) => {
    const notices = percents.map((each) => ({ tenantId, month: day, channel, percent: each }));
    const made = await transaction.quotaNotice.createManyAndReturn({ data: notices, skipDuplicates: true });
    if (!made.some((notice) => notice.percent === percent)) return null; // another process has told it
    const type = isExceeded ? "quota.exceeded" : "quota.warning";
    const facts = { month: month.name, channel, used, limit: quota, percent };
    return await writeReports(transaction, [{ tenantId, mode: "live", type, channel, facts }]);
  });
  if (!written) return false;
  void queueReports(written); // it never throws
  logger.info({ tenantId, channel, used, quota, percent, hasTeam }, "a tenant was told of its quota");
  return true;
}

function messageOf(month: string, { channel, used, quota }: Reached, percent: number) {
  const isExceeded = percent >= 100;
  const subject = isExceeded
    ? `The ${channel} quota of ${month} is used up`
    : `${percent} % of the ${channel} quota of ${month} is used`;
  const consequence = isExceeded
    ? "Where the plan's limit is hard, further notifications on this channel are refused with quota_exceeded until the month is over in UTC; critical ones have a small grace."
    : "You will be told once more when all of it is used.";
  const text = `${used} of ${quota} ${channel} units of ${month} are used.\n\n${consequence}\nGET /v1/limits and GET /v1/usage tell what is used.`;
  return { key: `quota ${month} ${channel} ${percent}`, subject, text };
}
