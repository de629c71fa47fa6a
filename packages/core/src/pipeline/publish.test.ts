import type { EventLog, PublishMessage } from "@tidings/runtime/event-log/event-log";
import { createLogger } from "@tidings/runtime/logger";
import { createMetrics } from "@tidings/runtime/metrics";
import { newUuid } from "@tidings/shared/ids";
import { expect, it } from "vitest";
import { createPublish } from "./publish";
import { topicsOf } from "./topics";

const topics = topicsOf("t");

function publishable(bulk: boolean) {
  return { id: newUuid(), tenantId: newUuid(), mode: "live" as const, priority: 0, bulk, recipientKey: "ann" };
}

/** An event log whose bulk topic is stuck. */
function publishWithStuckBulk() {
  const sent: PublishMessage[] = [];
  const publish = createPublish({
    eventLog: {
      publish(messages: readonly PublishMessage[]) {
        sent.push(...messages);
        return messages.some(({ topic }) => topic === topics.bulk) ? new Promise(() => {}) : Promise.resolve();
      },
    } as unknown as EventLog,
    namespace: "t",
    logger: createLogger({ name: "test", level: "silent" }),
    metrics: createMetrics({ process: "api" }),
  });
  return { publish, sent };
}

it("publishes bulk and the rest to topics of their own, ids only", async () => {
  const { publish, sent } = publishWithStuckBulk();
  const [direct, bulk] = [publishable(false), publishable(true)];
  void publish([direct, bulk]);
  expect(sent.map(({ topic, value }) => [topic, JSON.parse(value)])).toEqual([
    [topics.direct, { id: direct.id, tenantId: direct.tenantId, mode: "live", priority: 0 }],
    [topics.bulk, { id: bulk.id, tenantId: bulk.tenantId, mode: "live", priority: 0 }],
  ]);
});

it("publishes a one-time password though bulk is stuck, and leaves what is too much to the sweeper", async () => {
  const { publish, sent } = publishWithStuckBulk();
  const floods = Array.from({ length: 20 }, () => publish([publishable(true)]));
  expect(await floods[16]).toBe(false);
  expect(sent).toHaveLength(16);
  expect(await publish([publishable(false)])).toBe(true);
});
