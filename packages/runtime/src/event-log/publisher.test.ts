import { describe, expect, it, vi } from "vitest";
import type { PublishMessage } from "./event-log";
import { createPublisher } from "./publisher";

const message = (value: string): PublishMessage => ({ topic: "t", key: "k", value });

describe("publisher", () => {
  it("sends one batch at a time, in the order of the calls", async () => {
    const sent: string[][] = [];
    const answer: (() => void)[] = [];
    const { publish } = createPublisher({
      send(_topic, messages) {
        sent.push(messages.map(({ value }) => value));
        return new Promise((resolve) => answer.push(resolve));
      },
    });
    const first = publish([message("1"), message("2")]);
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    const later = Promise.all([publish([message("3")]), publish([message("4"), message("5")])]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual([["1", "2"]]);
    answer[0]?.();
    await first;
    await vi.waitFor(() =>
      expect(sent).toEqual([
        ["1", "2"],
        ["3", "4", "5"],
      ]),
    );
    answer[1]?.();
    await later;
  });

  it("lets no topic wait for another", async () => {
    const sent: string[] = [];
    const { publish } = createPublisher({
      send(topic) {
        sent.push(topic);
        return topic === "bulk" ? new Promise(() => {}) : Promise.resolve();
      },
    });
    void publish(Array.from({ length: 20_000 }, () => ({ ...message("x"), topic: "bulk" })));
    await publish([{ ...message("code"), topic: "direct" }]);
    expect(sent).toEqual(["bulk", "direct"]);
  });

  it("finds out once that the log is away, and refuses whatever waits", async () => {
    const send = vi.fn(() => Promise.reject(new Error("ECONNREFUSED")));
    const { publish } = createPublisher({ send });
    const calls = await Promise.allSettled(
      Array.from({ length: 5 }, () => publish(Array.from({ length: 1_000 }, () => message("x")))),
    );
    expect(calls.map(({ status }) => status)).toEqual(calls.map(() => "rejected"));
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("lets no more than twenty thousand messages wait", async () => {
    let fail = (_error: Error): void => undefined;
    const { publish } = createPublisher({ send: () => new Promise((_resolve, reject) => (fail = reject)) });
    const first = publish([message("under way")]).catch(String);
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = publish(Array.from({ length: 20_000 }, () => message("x"))).catch(String);
    await expect(publish([message("one more")])).rejects.toThrow("wait already");
    fail(new Error("away"));
    await Promise.all([first, waiting]);
  });

  it("holds a bad message against nobody else", async () => {
    class TooLarge extends Error {}
    const { publish } = createPublisher({
      async send(_topic, messages) {
        if (messages.some(({ value }) => value === "bad")) throw new TooLarge();
      },
      isDataError: (error) => error instanceof TooLarge,
    });
    const calls = ["1", "bad", "2"].map((value) => publish([message(value)]));
    const statuses = (await Promise.allSettled(calls)).map(({ status }) => status);
    expect(statuses).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});
