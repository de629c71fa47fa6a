import { channelNames } from "../../../shell/channel-names";
import type { Answers } from "../../../trpc/answers";

type Parts = Answers["operator"];

/** What the parts of the page know by now; a part that is away tells nothing. */
export interface Known {
  processes: Parts["processes"] | undefined;
  queues: Parts["queues"] | undefined;
  sweep: Parts["sweep"] | undefined;
  providers: Parts["providers"] | undefined;
  redis: Parts["redis"] | undefined;
}

/** One thing that somebody should look at, in a sentence. */
export interface Worry {
  /** Whether messages are held up by it. */
  isGrave: boolean;
  text: string;
  href?: string;
}

/** What is overdue for less is only busy, in milliseconds. */
const patienceMs = 60_000;
const plural = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** Everything that is not as it should be, what holds messages up first. */
export function worriesOf({ processes, queues, sweep, providers, redis }: Known, now: number): Worry[] {
  const worries: Worry[] = [];
  for (const { name, state, reason } of [...(processes?.processes ?? []), ...(processes?.stores ?? [])])
    if (state !== "ok") worries.push({ isGrave: state === "failing", text: `${name}: ${reason ?? "not known"}.` });
  for (const { name, waiting, capacity } of queues ?? []) {
    const isWaiting = Object.values(waiting).some((count) => count > 0);
    if (isWaiting && capacity.urgent + capacity.others === 0)
      worries.push({ isGrave: true, text: `${channelNames[name] ?? "Reports"} wait, and no worker serves them.` });
  }
  if (sweep?.overdueSince && now - new Date(sweep.overdueSince).getTime() > patienceMs)
    worries.push({ isGrave: true, text: `${plural(sweep.overdue, "notification is", "notifications are")} overdue.` });
  if (redis && redis.policy !== "noeviction")
    worries.push({ isGrave: true, text: `Redis throws keys away when it is full (${redis.policy}).` });
  const held = providers?.accounts.filter(({ circuit }) => circuit === "open") ?? [];
  if (held.length > 0)
    worries.push({
      isGrave: false,
      text: `${plural(held.length, "provider account is", "provider accounts are")} held back.`,
    });
  if (sweep && sweep.deadLetters > 0)
    worries.push({
      isGrave: false,
      text: `${plural(sweep.deadLetters, "dead letter waits", "dead letters wait")} for somebody.`,
      href: "/operator/dead-letters?state=waiting",
    });
  return worries.sort((one, other) => Number(other.isGrave) - Number(one.isGrave));
}
