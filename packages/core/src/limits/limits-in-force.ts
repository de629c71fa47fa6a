import { planIds, planOf } from "@tidings/shared/plans";

/** How fast a tenant may send. */
export interface Rate {
  /** Deliveries a second. */
  perSecond: number;
  /** Deliveries at once after a pause. */
  burst: number;
}

/** How fast a tenant may send on a channel. */
export interface ChannelRate extends Rate {
  channel: string;
}

/** Who set what holds. The operator's goes before the plan's, also beyond it; a team can only want less than either. */
export const limitSetters = ["platform", "plan", "operator", "team"] as const;
export type LimitSetter = (typeof limitSetters)[number];

/** What limits a tenant's requests a second: its row says all but the platform's default. */
export interface RequestLimitFacts {
  /** Id of its plan. */
  plan: string;
  /** The operator's. */
  requestsPerSecond: number | null;
  /** Its team's. */
  ownRequestsPerSecond: number | null;
}

/** What limits a tenant's sending. */
export interface ChannelLimitFacts {
  /** Id of its plan. */
  plan: string;
  /** The operator's. */
  channelLimits: readonly ChannelRate[];
  /** Its team's. */
  ownChannelLimits: readonly ChannelRate[];
}

/** The most requests a second that a tenant's team may want, and who says so. */
export function mostRequests(
  { plan, requestsPerSecond }: Omit<RequestLimitFacts, "ownRequestsPerSecond">,
  defaultPerSecond: number,
): { perSecond: number; setBy: Exclude<LimitSetter, "team"> } {
  if (requestsPerSecond !== null) return { perSecond: requestsPerSecond, setBy: "operator" };
  const ofPlan = planOf(plan).requestsPerSecond;
  return ofPlan === null ? { perSecond: defaultPerSecond, setBy: "platform" } : { perSecond: ofPlan, setBy: "plan" };
}

/**
 * How many requests a second a tenant may make over all its keys, and who says so: the API enforces what is told here.
 * @param defaultPerSecond the platform's
 */
export function requestLimitInForce(
  facts: RequestLimitFacts,
  defaultPerSecond: number,
): { perSecond: number; setBy: LimitSetter } {
  const most = mostRequests(facts, defaultPerSecond);
  const own = facts.ownRequestsPerSecond;
  return own !== null && own < most.perSecond ? { perSecond: own, setBy: "team" } : most;
}

/** The fastest that a tenant's team may want to send on each channel that is limited, and who says so. */
export function mostOnChannels({
  plan,
  channelLimits,
}: Omit<ChannelLimitFacts, "ownChannelLimits">): Map<string, ChannelRate & { setBy: "plan" | "operator" }> {
  const ofPlan = Object.entries(planOf(plan).sendRate).flatMap(([channel, perSecond]) =>
    perSecond === undefined ? [] : [{ channel, perSecond, burst: perSecond, setBy: "plan" as const }],
  );
  const ofOperator = channelLimits.map((limit) => ({ ...rateOf(limit), setBy: "operator" as const }));
  return new Map([...ofPlan, ...ofOperator].map((limit) => [limit.channel, limit]));
}

/** How fast a tenant may send on each channel that is limited, and who says so, in alphabetical order. */
export function channelLimitsInForce(
  facts: ChannelLimitFacts,
): (ChannelRate & { setBy: Exclude<LimitSetter, "platform"> })[] {
  const most = mostOnChannels(facts);
  const ofTeam = facts.ownChannelLimits.flatMap((own) => {
    const { perSecond, burst } = most.get(own.channel) ?? { perSecond: Infinity, burst: Infinity };
    if (own.perSecond >= perSecond && own.burst >= burst) return [];
    const rate = { perSecond: Math.min(own.perSecond, perSecond), burst: Math.min(own.burst, burst) };
    return [{ channel: own.channel, ...rate, setBy: "team" as const }];
  });
  const inForce = new Map([...most.values(), ...ofTeam].map((limit) => [limit.channel, limit]));
  return [...inForce.values()].sort((one, other) => one.channel.localeCompare(other.channel));
}

function rateOf({ channel, perSecond, burst }: ChannelRate): ChannelRate {
  return { channel, perSecond, burst };
}

/** Plans that limit how fast their tenants send. */
export const limitingPlanIds = planIds.filter((id) => Object.keys(planOf(id).sendRate).length > 0);
