import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as work } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { createEventLog } from "./create-event-log";
import type { ConsumeOptions, PublishMessage, ReceivedMessage } from "./event-log";
import { expectComplete, ignore, kinds, logger, numbered, open, recorder, until } from "./testing/event-logs";

// Those that wait for sessions to run out come first; the others pass meanwhile.
describe.concurrent.each(kinds)("event log on $kind", ({ kind, broker, startOwn }) => {
  const consumeOptions = (
    options: Pick<ConsumeOptions, "group" | "handleBatch"> & { topic: string },
  ): ConsumeOptions => ({
    ...options,
    topics: [options.topic],
    maxBatch: 50,
  });

  it("loses nothing when the broker is killed, and goes on when it is back", async (test) => {
    const own = await startOwn(test);
    const { log, topic, group } = await open(test, own, 2);
    const { messages, handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    const published: PublishMessage[] = [];
    const publish = async (value: string) => {
      const message = { topic, key: "k", value };
      await log.publish([message]);
      published.push(message);
    };
    for (let number = 0; number < 50; number++) await publish(`before-${number}`);
    const pid = own.process.pid();
    own.process.kill("SIGKILL");
    await until(() => expect(own.process.pid()).not.toBe(pid));
    for (let number = 0; number < 50; ) {
      await publish(`after-${number}`).then(
        () => number++,
        () => new Promise((resolve) => setImmediate(resolve)),
      );
    }
    await until(() => expect(messages.at(-1)?.value.toString()).toBe("after-49"));
    expectComplete(messages, published);
  }, 60_000);

  it("refuses in bounded time while the broker is away, and works again without being restarted", async (test) => {
    const own = await startOwn(test);
    const { log, topic, group } = await open(test, own, 2);
    const { messages, handleBatch } = recorder();
    const consumer = await log.consume(consumeOptions({ group, topic, handleBatch }));
    await own.process.stop();
    const startedAt = performance.now();
    const refusals = await Promise.allSettled([
      log.ping(),
      consumer.lag(),
      ...Array.from({ length: 30 }, () => log.publish(numbered(topic, 1_000, 10))),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => "rejected"));
    expect(performance.now() - startedAt).toBeLessThan(13_000);
    await own.process.start();
    await vi.waitFor(() => log.ping(), { timeout: 10_000 });
    await vi.waitFor(() => log.publish([{ topic, key: "k", value: "back" }]), { timeout: 10_000 });
    await until(() => expect(messages.at(-1)?.value.toString()).toBe("back"));
  }, 60_000);

  it("loses nothing when a consumer is killed with a batch in hand", async (test) => {
    const { log, topic, group } = await open(test, broker, 2);
    const published = numbered(topic, 100, 10);
    await log.publish(published);
    const script = `
      import { createEventLog } from "./create-event-log.ts";
      import { createLogger } from "../logger.ts";
      const log = createEventLog(${JSON.stringify(broker.settings)}, createLogger({ name: "victim", level: "silent" }));
      await log.consume({ group: ${JSON.stringify(group)}, topics: [${JSON.stringify(topic)}], maxBatch: 50, async handleBatch(batch) {
        console.log(batch.length);
        await new Promise(() => {});
      } });`;
    const victim = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "pipe", "inherit"],
    });
    test.onTestFinished(() => void victim.kill("SIGKILL"));
    await once(createInterface(victim.stdout), "line");
    victim.kill("SIGKILL");
    await once(victim, "exit");
    const { messages, distinct, handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    await until(() => expect(distinct()).toBe(100), 25_000);
    expectComplete(messages, published);
  }, 40_000);

  it("keeps the order of each key, in batches of one partition", async (test) => {
    const { log, topic, group } = await open(test, broker, 4);
    const published = numbered(topic, 2_000, 60);
    const { messages, distinct, handleBatch } = recorder();
    const batches: ReceivedMessage[][] = [];
    await log.consume(
      consumeOptions({
        group,
        topic,
        async handleBatch(batch, signal) {
          batches.push([...batch]);
          await handleBatch(batch, signal);
        },
      }),
    );
    const calls = [];
    for (let from = 0; from < published.length; from += 40) calls.push(log.publish(published.slice(from, from + 40)));
    await Promise.all(calls);
    await until(() => expect(distinct()).toBe(published.length));
    expectComplete(messages, published);
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(4);
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(50);
      expect(new Set(batch.map(({ partition }) => partition)).size).toBe(1);
    }
  });

  it("gives every group every message, also those published before it existed", async (test) => {
    const { log, topic } = await open(test, broker, 2);
    const published = numbered(topic, 20, 5);
    await log.publish(published);
    const groups = [recorder(), recorder()];
    await Promise.all(
      groups.map(({ handleBatch }) => log.consume(consumeOptions({ group: randomUUID(), topic, handleBatch }))),
    );
    await until(() => {
      for (const { messages } of groups) expect(messages).toHaveLength(20);
    });
    for (const { messages } of groups) expectComplete(messages, published);
  });

  it("counts what a group has not committed", async (test) => {
    const { log, topic, group } = await open(test, broker, 2);
    let release = ignore;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const consumer = await log.consume(consumeOptions({ group, topic, handleBatch: () => held }));
    expect(await consumer.lag()).toEqual({ [topic]: 0 });
    await log.publish(numbered(topic, 30, 5));
    expect(await consumer.lag()).toEqual({ [topic]: 30 });
    expect(await log.lag({ group, topics: [topic] })).toEqual({ [topic]: 30 });
    expect(await log.lag({ group: `never-${group}`, topics: [topic] })).toEqual({ [topic]: 30 });
    release();
    await vi.waitFor(async () => expect(await consumer.lag()).toEqual({ [topic]: 0 }), { timeout: 10_000 });
  });

  it("commits what was handled and goes on behind it", async (test) => {
    const { log, topic, group } = await open(test, broker, 2);
    const first = recorder();
    const consumer = await log.consume(consumeOptions({ group, topic, handleBatch: first.handleBatch }));
    await log.publish(numbered(topic, 10, 5));
    await until(() => expect(first.messages).toHaveLength(10));
    await consumer.stop();
    await log.publish([{ topic, key: "k0", value: "later" }]);
    const second = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch: second.handleBatch }));
    await until(() => expect(second.values()).toEqual(["later"]));
  });

  it("finishes and commits the batch in hand when it is stopped", async (test) => {
    const { log, topic, group } = await open(test, broker, 1);
    let isHeld = false;
    const consumer = await log.consume(
      consumeOptions({
        group,
        topic,
        handleBatch(_batch, signal) {
          isHeld = true;
          return once(signal, "abort").then(ignore);
        },
      }),
    );
    await log.publish([{ topic, key: "k", value: "held" }]);
    await until(() => expect(isHeld).toBe(true));
    await consumer.stop();
    await log.publish([{ topic, key: "k", value: "next" }]);
    const { values, handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    await until(() => expect(values()).toEqual(["next"]));
  });

  it("replays from an offset", async (test) => {
    const { log, topic, group } = await open(test, broker, 1);
    const first = recorder();
    const consumer = await log.consume(consumeOptions({ group, topic, handleBatch: first.handleBatch }));
    await log.publish(numbered(topic, 100, 1));
    await until(() => expect(first.messages).toHaveLength(100));
    await consumer.stop();
    const offset = first.messages[60]?.offset ?? "";
    await log.rewind({ group, topic, partition: 0, offset });
    const second = recorder();
    const replaying = await log.consume(consumeOptions({ group, topic, handleBatch: second.handleBatch }));
    await until(() => expect(second.messages).toHaveLength(40));
    expect(second.values()).toEqual(first.values().slice(60));
    await vi.waitFor(async () => expect(await replaying.lag()).toEqual({ [topic]: 0 }), { timeout: 10_000 });
  });

  it("refuses to rewind a group that is running", async (test) => {
    const { log, topic, group } = await open(test, broker, 1);
    const { handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    await log.publish(numbered(topic, 1, 1));
    await expect(log.rewind({ group, topic, partition: 0, offset: kind === "kafka" ? "0" : "0-1" })).rejects.toThrow(
      /running/,
    );
  });

  it("hands over what can't be read as it is, and goes on", async (test) => {
    const { log, topic, group } = await open(test, broker, 1);
    const poison = Buffer.from([0x00, 0xff, 0xfe, 0x0a, 0x0d, 0x80, 0xc3, 0x28, 0x22]);
    const { messages, handleBatch } = recorder();
    await log.consume(consumeOptions({ group, topic, handleBatch }));
    await log.publish([{ topic, key: "k", value: "before" }]);
    await broker.putRaw(topic, poison);
    await log.publish([{ topic, key: "k", value: "after" }]);
    await until(() => expect(messages).toHaveLength(3));
    expect(messages.map(({ value }) => value)).toEqual([Buffer.from("before"), poison, Buffer.from("after")]);
    expect(messages[1]).toMatchObject({ topic, partition: 0, key: "", offset: expect.stringMatching(/^\d+(-\d+)?$/) });
  });

  it("hands a batch over again when handling it failed, with nothing of its partition passing by", async (test) => {
    const { log, topic, group } = await open(test, broker, 4);
    const published = numbered(topic, 200, 20);
    const { messages, distinct, handleBatch } = recorder();
    let failures = 0;
    const unlucky = new Map<number, readonly ReceivedMessage[]>();
    await log.publish(published);
    await log.consume(
      consumeOptions({
        group,
        topic,
        async handleBatch(batch, signal) {
          const partition = batch[0]?.partition ?? -1;
          if (failures < 3) {
            failures += 1;
            unlucky.set(partition, batch);
            throw new Error("not this time");
          }
          const failed = unlucky.get(partition);
          unlucky.delete(partition);
          if (failed) expect(batch[0]?.offset).toBe(failed[0]?.offset);
          await handleBatch(batch, signal);
        },
      }),
    );
    await until(() => expect(distinct()).toBe(200));
    expect(failures).toBe(3);
    expectComplete(messages, published);
  });

  it("loses nothing while consumers join and leave under load", async (test) => {
    const { log, topic, group } = await open(test, broker, 4);
    const all: ReceivedMessage[] = [];
    const inHand = new Set<number>();
    let overlaps = 0;
    const start = async () => {
      const own: ReceivedMessage[] = [];
      const consumer = await log.consume(
        consumeOptions({
          group,
          topic,
          async handleBatch(batch) {
            const partition = batch[0]?.partition ?? -1;
            if (inHand.has(partition)) overlaps += 1;
            inHand.add(partition);
            await work(50);
            all.push(...batch);
            own.push(...batch);
            inHand.delete(partition);
          },
        }),
      );
      return { own, stop: () => consumer.stop() };
    };
    const published: PublishMessage[] = [];
    let isOver = false;
    const publishing = (async () => {
      while (!isOver) {
        const batch = numbered(topic, 20, 20).map((one) => ({ ...one, value: `${published.length}-${one.value}` }));
        published.push(...batch);
        await log.publish(batch);
        await work(20);
      }
    })();
    const first = await start();
    await until(() => expect(first.own.length).toBeGreaterThan(100));
    const second = await start();
    await until(() => expect(second.own.length).toBeGreaterThan(100));
    const third = await start();
    await until(() => expect(third.own.length).toBeGreaterThan(100));
    await first.stop();
    await second.stop();
    isOver = true;
    await publishing;
    await until(() => expect(new Set(all.map(({ value }) => value.toString())).size).toBe(published.length));
    expectComplete(all, published);
    expect(overlaps).toBe(0);
  }, 60_000);

  it("makes topics once, whoever asks, and adds partitions to them", async (test) => {
    const topic = `topic-${randomUUID()}`;
    const logs = Array.from({ length: 4 }, () => createEventLog(broker.settings, logger));
    for (const log of logs) test.onTestFinished(() => log.close());
    await Promise.all(logs.map((log) => log.ensureTopics([{ name: topic, partitions: 2 }])));
    await Promise.all(logs.map((log) => log.ensureTopics([{ name: topic, partitions: 6 }])));
    await Promise.all(logs.map((log) => log.ensureTopics([{ name: topic, partitions: 3 }])));
    const { messages, distinct, handleBatch } = recorder();
    await logs[0]?.consume(consumeOptions({ group: topic, topic, handleBatch }));
    await logs[1]?.publish(numbered(topic, 300, 100));
    await until(() => expect(distinct()).toBe(300));
    expect(new Set(messages.map(({ partition }) => partition)).size).toBe(6);
  });
});
