import type { Priority } from "./priorities";

/** What a tenant may use. Every number that is null or absent is without a limit. */
export interface Plan {
  /** For people. */
  name: string;
  /** For people. */
  price: string;
  /** US cents a month that a price made by `tidings billing setup` charges; null: it is not sold in the console. */
  monthlyCents: number | null;
  /**
   * US cents for each unit sent beyond the quota, by channel, as a decimal number. Such channels are metered; only a soft
   * limit lets anybody go beyond.
   */
  overageCents: Readonly<Partial<Record<string, string>>>;
  /** Units granted in a month (UTC) by channel, in live mode: segments of SMS and WhatsApp texts, else messages. */
  monthlyUnits: Readonly<Partial<Record<string, number>>>;
  /** Whether what goes over a quota is refused (`hard`), or only told of (`soft`). */
  limit: "hard" | "soft";
  /** Share of a hard quota that critical notifications may go over it, such as 0.1. */
  criticalGrace: number;
  /** API requests a second over all keys; null: the platform's default. What the operator sets for a tenant goes before it. */
  requestsPerSecond: number | null;
  /** Deliveries a second by channel. What the operator sets for a tenant goes before it. */
  sendRate: Readonly<Partial<Record<string, number>>>;
  /** Days that notifications are kept; null: as long as the platform keeps them, which is the most. */
  retentionDays: number | null;
  /** Members of the tenant's team. */
  seats: number | null;
}

/** Every plan by its id. Self-hosted tenants are on `unlimited` unless the operator puts them elsewhere. */
export const plans = {
  unlimited: {
    name: "Unlimited",
    price: "Self-hosted",
    monthlyCents: null,
    overageCents: {},
    monthlyUnits: {},
    limit: "soft",
    criticalGrace: 0,
    requestsPerSecond: null,
    sendRate: {},
    retentionDays: null,
    seats: null,
  },
  free: {
    name: "Free",
    price: "Free",
    monthlyCents: null,
    overageCents: {},
    monthlyUnits: { email: 3_000, sms: 50, whatsapp: 50, push: 10_000, in_app: 10_000, webhook: 10_000, chat: 3_000 },
    limit: "hard",
    criticalGrace: 0.1,
    requestsPerSecond: 10,
    sendRate: { email: 5, sms: 1, whatsapp: 1, push: 20, webhook: 20, chat: 5 },
    retentionDays: 7,
    seats: 2,
  },
  starter: {
    name: "Starter",
    price: "$29 a month",
    monthlyCents: 2_900,
    overageCents: {},
    monthlyUnits: { email: 50_000, sms: 1_000, whatsapp: 1_000, push: 250_000, in_app: 250_000, webhook: 250_000 },
    limit: "hard",
    criticalGrace: 0.1,
    requestsPerSecond: 100,
    sendRate: { email: 50, sms: 10, whatsapp: 10, push: 200, webhook: 200 },
    retentionDays: 30,
    seats: 5,
  },
  growth: {
    name: "Growth",
    price: "$199 a month",
    monthlyCents: 19_900,
    overageCents: { email: "0.06", sms: "1.2", whatsapp: "1.2", push: "0.005" },
    monthlyUnits: { email: 500_000, sms: 20_000, whatsapp: 20_000, push: 5_000_000 },
    limit: "soft",
    criticalGrace: 0.25,
    requestsPerSecond: 500,
    sendRate: { email: 500, sms: 50, whatsapp: 50 },
    retentionDays: 90,
    seats: 20,
  },
  enterprise: {
    name: "Enterprise",
    price: "By agreement",
    monthlyCents: null,
    overageCents: {},
    monthlyUnits: {},
    limit: "soft",
    criticalGrace: 0,
    requestsPerSecond: 2_000,
    sendRate: {},
    retentionDays: null,
    seats: null,
  },
} as const satisfies Record<string, Plan>;
export type PlanId = keyof typeof plans;
export const planIds = Object.keys(plans) as [PlanId, ...PlanId[]];

/** Plans that a team may buy in the console, the cheapest first. */
export const plansForSale = planIds
  .flatMap((id) => {
    const { monthlyCents } = plans[id];
    return monthlyCents === null ? [] : [{ id, monthlyCents }];
  })
  .sort((one, other) => one.monthlyCents - other.monthlyCents)
  .map(({ id }) => id);

/** The plan of a tenant that has bought none, where plans are sold. */
export const unpaidPlan = "free" satisfies PlanId;

/** The plan a tenant's row names. A plan that is no more takes nothing away: it counts as `unlimited`. */
export function planOf(id: string): Plan {
  return Object.hasOwn(plans, id) ? plans[id as PlanId] : plans.unlimited;
}

/** Units a plan grants on a channel each month; null: as many as wanted. */
export function quotaOf(plan: Plan, channel: string): number | null {
  return plan.monthlyUnits[channel] ?? null;
}

/**
 * Units beyond which a plan refuses notifications of a priority on a channel in a month; null: it refuses none.
 * Critical ones have a grace, so that a one-time password still goes out after a campaign took the rest.
 */
export function ceilingOf(plan: Plan, channel: string, priority: Priority): number | null {
  const quota = quotaOf(plan, channel);
  if (quota === null || plan.limit === "soft") return null;
  return priority === "critical" ? quota + Math.floor(quota * plan.criticalGrace) : quota;
}

/** Shares of a quota, in per cent, at which a tenant is told how much of it is used; the last one is all of it. */
export const quotaThresholds = [80, 100] as const;

/** The month a moment lies in, in UTC: its name such as `2026-11`, its first moment, and that of the next month. */
export function monthOf(timeMs: number): { name: string; startMs: number; endMs: number } {
  const time = new Date(timeMs);
  const startMs = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 1);
  const endMs = Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 1);
  return { name: new Date(startMs).toISOString().slice(0, 7), startMs, endMs };
}
