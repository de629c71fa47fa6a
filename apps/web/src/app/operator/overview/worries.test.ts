import { expect, it } from "vitest";
import { type Known, worriesOf } from "./worries";

const now = new Date("2026-11-22T12:00:00Z").getTime();
const well: Known = {
  processes: { processes: [{ id: "api", name: "API", state: "ok" }], stores: [] },
  queues: [],
  sweep: { overdue: 3, overdueSince: "2026-11-22T11:59:30Z", deadLetters: 0, mended: [] },
  providers: { accounts: [], isComplete: true },
  redis: { usedBytes: 1, maxBytes: null, evicted: 0, policy: "noeviction" },
};
const nothing = { critical: 0, high: 0, normal: 0, low: 0 };

it("worries about nothing while all is well, also while parts are not known", () => {
  expect(worriesOf(well, now)).toEqual([]);
  const none = { processes: undefined, queues: undefined, sweep: undefined, providers: undefined, redis: undefined };
  expect(worriesOf(none, now)).toEqual([]);
});

it("names what holds messages up before what can wait", () => {
  const bad: Known = {
    ...well,
    processes: { processes: [{ id: "worker", name: "Worker", state: "failing", reason: "no answer" }], stores: [] },
    queues: [
      {
        ...{ name: "sms", waiting: { ...nothing, high: 2 }, later: 0, oldestAt: null },
        ...{ inHand: { urgent: 0, others: 0 }, capacity: { urgent: 0, others: 0 } },
      },
    ],
    sweep: { overdue: 1, overdueSince: "2026-11-22T11:50:00Z", deadLetters: 2, mended: [] },
  };
  expect(worriesOf(bad, now)).toEqual([
    { isGrave: true, text: "Worker: no answer." },
    { isGrave: true, text: "SMS wait, and no worker serves them." },
    { isGrave: true, text: "1 notification is overdue." },
    { isGrave: false, text: "2 dead letters wait for somebody.", href: "/operator/dead-letters?state=waiting" },
  ]);
});
