import type { LoadPlan } from "../load/load-plan";
import { oneTimeCode } from "../load/one-time-code";
import type { LoadTenant, System } from "../load/system";

/** Notifications a second: enough that every stage has work in hand at any moment, on two cores. */
export const perSecond = 200;

/** By which channel and how urgently, taken in turn: mostly email, and every class of priority that is treated apart. */
const mix = [
  ["email", "critical"],
  ["email", "normal"],
  ["webhook", "critical"],
  ["email", "low"],
  ["email", "normal"],
  ["in_app", "normal"],
  ["webhook", "low"],
  ["email", "critical"],
  ["webhook", "normal"],
  ["email", "normal"],
] as const;
export type LoadChannel = (typeof mix)[number][0];

/** The load a fault strikes: open loop, each request with an Idempotency-Key of its own. `total` counts notifications. */
export function faultLoad(
  system: System,
  tenants: readonly LoadTenant[],
  { bodies, total }: Pick<LoadPlan, "bodies" | "total">,
): LoadPlan {
  return {
    port: system.apiPort,
    keys: tenants.map((tenant) => tenant.key),
    bodies,
    firstNumber: 0,
    perRequest: 1,
    hasIdempotencyKeys: true,
    connections: 32,
    perSecond,
    total,
  };
}

/** Bodies of one notification each, by these channels or all; `{n}` stands for its number. */
export function faultBodies({ sink }: System, channels?: readonly LoadChannel[]): string[] {
  const recipients = {
    email: { email: "n{n}@example.com" },
    webhook: { url: `http://127.0.0.1:${sink.httpPort}/n{n}` },
    in_app: { id: "usr_{n}" },
  };
  const data = { code: "{n}", product: "Acme", minutes: 10 };
  const chosen = mix.filter(([channel]) => channels?.includes(channel) ?? true);
  return chosen.map(([channel, priority]) =>
    JSON.stringify({ template: oneTimeCode.key, channel, priority, recipient: recipients[channel], data }),
  );
}
