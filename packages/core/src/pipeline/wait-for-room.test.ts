import type { FairQueue } from "@tidings/runtime/fair-queue";
import { createLogger } from "@tidings/runtime/logger";
import { expect, it, vi } from "vitest";
import { createWaitForRoom } from "./wait-for-room";

const logger = createLogger({ name: "test", level: "silent" });

function queuesWith(waiting: { email: number; sms: number }) {
  const queue = (channel: keyof typeof waiting) => ({ fair: { waiting: vi.fn(async () => waiting[channel]) } });
  const [email, sms] = [queue("email"), queue("sms")];
  const queues = new Map([
    ["email", email as unknown as { fair: FairQueue }],
    ["sms", sms as unknown as { fair: FairQueue }],
  ]);
  return { queues, asked: email.fair.waiting };
}

it("lets routing go on while there is room, and counts once for many batches", async () => {
  const { queues, asked } = queuesWith({ email: 60, sms: 39 });
  const waitForRoom = createWaitForRoom({ queues, most: 100, logger });
  await Promise.all(Array.from({ length: 50 }, () => waitForRoom(new AbortController().signal)));
  expect(asked).toHaveBeenCalledTimes(1);
});

it("holds routing up until the queues have room again", async () => {
  const waiting = { email: 60, sms: 40 };
  const waitForRoom = createWaitForRoom({ queues: queuesWith(waiting).queues, most: 100, logger });
  let isThrough = false;
  const held = waitForRoom(new AbortController().signal).then(() => {
    isThrough = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isThrough).toBe(false);
  waiting.email = 10;
  await held;
});

it("gives way when its partition is taken away meanwhile", async () => {
  const waitForRoom = createWaitForRoom({ queues: queuesWith({ email: 100, sms: 0 }).queues, most: 100, logger });
  const lost = new AbortController();
  const held = waitForRoom(lost.signal);
  setTimeout(() => lost.abort(), 50);
  await expect(held).rejects.toThrow("aborted");
});
