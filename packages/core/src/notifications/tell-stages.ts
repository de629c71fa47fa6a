import type { NotificationStory } from "./notification-row";

/** The six stages of the pipeline, in order. */
export const stageNames = ["accept", "publish", "route", "enqueue", "deliver", "report"] as const;

/** One stage of a notification's way. */
export interface Stage {
  name: (typeof stageNames)[number];
  /** `now`: it is there at this moment. `skipped`: it will never get there. */
  state: "done" | "now" | "waiting" | "failed" | "skipped";
  /** When it got there; null where no time is kept (publish), and for what it has not reached. */
  at: string | null;
}

/** How far a notification has come on its way through the pipeline. */
export function tellStages({ notification, deliveries }: NotificationStory): Stage[] {
  const { status, createdAt, processingAt, settledAt } = notification;
  const rows = deliveries.map(({ delivery }) => delivery);
  const began = deliveries.flatMap(({ attempts }) => attempts.map(({ startedAt }) => startedAt.getTime()));
  const planned = rows.map((row) => row.createdAt.getTime());
  const isOver = settledAt !== null;
  const isUnderWay = began.length > 0 || rows.some((row) => row.status !== "QUEUED");
  const isSkipped = rows.every((row) => row.status === "SKIPPED");
  /** The stage it is at, counted from 0; all of them when it is over. */
  const reached = isOver ? stageNames.length : processingAt === null ? 1 : rows.length === 0 ? 2 : isUnderWay ? 4 : 3;
  const ends: Partial<Record<Stage["name"], Stage["state"]>> = {
    ...(status === "FAILED" && { deliver: "failed" }),
    ...(isSkipped && { enqueue: "skipped", deliver: "skipped" }),
    ...(status === "CANCELED" && { publish: "skipped", route: "skipped", enqueue: "skipped", deliver: "skipped" }),
  };
  const times: Record<Stage["name"], number | null> = {
    accept: createdAt.getTime(),
    publish: null,
    route: processingAt?.getTime() ?? null,
    enqueue: planned.length > 0 ? Math.min(...planned) : null,
    deliver: began.length > 0 ? Math.min(...began) : null,
    report: settledAt?.getTime() ?? null,
  };
  return stageNames.map((name, index) => {
    const at = times[name];
    const here = status === "SCHEDULED" ? "waiting" : "now";
    const state = index > reached ? "waiting" : index === reached ? here : (isOver && ends[name]) || "done";
    return { name, state, at: at === null ? null : new Date(at).toISOString() };
  });
}
