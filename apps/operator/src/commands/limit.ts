import { getLimits } from "@tidings/core/limits/get-limits";
import { requestsPerSecondSchema, setChannelLimitBody } from "@tidings/core/limits/limit-schemas";
import { removeChannelLimit } from "@tidings/core/limits/remove-channel-limit";
import { setChannelLimit } from "@tidings/core/limits/set-channel-limit";
import { setRequestLimit } from "@tidings/core/limits/set-request-limit";
import { getTenantBySlug } from "@tidings/core/tenants/get-tenant-by-slug";
import type { Prisma } from "@tidings/db/client";
import { z } from "zod";
import type { Connections } from "../connections";
import { type Answer, operatorCommand } from "../operator-command";
import { table } from "../table";
import { readOptions, readWholeNumber, UsageError } from "../usage-error";
import { tenantOption } from "./tenant-option";

export const limitSet = operatorCommand({
  name: "limit set",
  description: "Limit how much a tenant sends on a channel, or how often it may call",
  args: {
    ...tenantOption,
    channel: { type: "string", description: "Channel to limit, such as email" },
    "per-second": { type: "string", description: "Deliveries a second on the channel" },
    burst: { type: "string", description: "Deliveries at once after a pause; a second's unless given" },
    "requests-per-second": { type: "string", description: "API requests a second, over all keys" },
  },
  async run(args, connections) {
    const { channel } = args;
    const perSecond = numberOf(args, "per-second");
    const burst = numberOf(args, "burst");
    const requestsPerSecond = numberOf(args, "requests-per-second");
    if ((channel === undefined) !== (perSecond === undefined) || (burst !== undefined && channel === undefined)) {
      throw new UsageError("--channel and --per-second belong together, and --burst to both.");
    }
    if (channel === undefined && requestsPerSecond === undefined) {
      throw new UsageError("Give --channel with --per-second, or --requests-per-second.");
    }
    const rate = perSecond === undefined ? undefined : readOptions(setChannelLimitBody, { perSecond, burst });
    const requests = readOptions(z.object({ requestsPerSecond: requestsPerSecondSchema.optional() }), {
      requestsPerSecond,
    });

    const { database } = connections;
    const tenant = await getTenantBySlug(database, args.tenant);
    if (channel !== undefined && rate) {
      const limit = { tenantId: tenant.id, channel, setBy: "operator" } as const;
      await setChannelLimit(await limitDeps(connections), limit, rate);
    }
    if (requests.requestsPerSecond !== undefined) {
      await setRequestLimit(database, tenant.id, requests.requestsPerSecond);
    }
    return limitsOf(connections, tenant);
  },
});

export const limitRemove = operatorCommand({
  name: "limit remove",
  description: "Lift a limit that an operator has set: the plan's holds then, or less where the team wants less",
  args: {
    ...tenantOption,
    channel: { type: "string", description: "Lift its limit on a channel" },
    "requests-per-second": { type: "boolean", description: "Go back to the platform's default for API requests" },
  },
  async run(args, connections) {
    const { channel } = args;
    const isAboutRequests = args["requests-per-second"] === true;
    if (channel === undefined && !isAboutRequests) throw new UsageError("Give --channel or --requests-per-second.");
    const { database } = connections;
    const tenant = await getTenantBySlug(database, args.tenant);
    if (channel !== undefined) {
      const limit = { tenantId: tenant.id, channel, setBy: "operator" } as const;
      await removeChannelLimit(await limitDeps(connections), limit);
    }
    if (isAboutRequests) await setRequestLimit(database, tenant.id, null);
    return limitsOf(connections, tenant);
  },
});

export const limitList = operatorCommand({
  name: "limit list",
  description: "List a tenant's limits",
  args: tenantOption,
  async run({ tenant: slug }, connections) {
    return limitsOf(connections, await getTenantBySlug(connections.database, slug));
  },
});

function numberOf(args: Record<string, unknown>, option: string): number | undefined {
  const text = args[option];
  return typeof text === "string" ? readWholeNumber(option, text) : undefined;
}

async function limitDeps({ database, logger, limitQueues }: Connections) {
  return { database, logger, ...(await limitQueues()) };
}

async function limitsOf({ database, settings }: Connections, { id, slug }: Prisma.TenantModel): Promise<Answer> {
  const limits = await getLimits(database, id, settings.requestsPerSecond());
  const rows = limits.channels.map(({ channel, perSecond, burst, setBy }) => [
    channel,
    String(perSecond),
    String(burst),
    setBy,
  ]);
  const requests = `${limits.requestsPerSecond} a second, set by ${limits.requestsSetBy}`;
  const channelTable = table(["channel", "per second", "burst", "set by"], rows, "No channel is limited.");
  const quotas = limits.quotas.map(({ channel, month, used, monthlyUnits, limit }) => [
    channel,
    month,
    `${used} of ${monthlyUnits}`,
    limit,
  ]);
  const quotaTable = table(["channel", "month", "used", "limit"], quotas, "There are no quotas.");
  const requestLine = `${slug} is on plan ${limits.plan}. API requests: ${requests}.`;
  return { data: limits, text: `${requestLine}\n\n${channelTable}\n\n${quotaTable}` };
}
