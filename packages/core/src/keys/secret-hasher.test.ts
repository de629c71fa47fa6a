import { performance } from "node:perf_hooks";
import { afterAll, describe, expect, it } from "vitest";
import { createSecretHasher } from "./secret-hasher";

const pepper = Buffer.alloc(32, 1);
const hasher = createSecretHasher({ pepper });
afterAll(() => hasher.close());

describe("secret hasher", () => {
  it("verifies what it hashed, and nothing else", async () => {
    const stored = await hasher.hash("right");
    expect(stored).toMatch(/^\$2b\$08\$.{53}$/);
    expect(await hasher.verify("right", stored)).toBe(true);
    expect(await hasher.verify("wrong", stored)).toBe(false);
  });

  it("reads a secret to its end, however long", async () => {
    const long = "x".repeat(100);
    const stored = await hasher.hash(`${long}1`);
    expect(await hasher.verify(`${long}1`, stored)).toBe(true);
    expect(await hasher.verify(`${long}2`, stored)).toBe(false);
  });

  it("salts: equal secrets are stored differently", async () => {
    expect(await hasher.hash("same")).not.toBe(await hasher.hash("same"));
  });

  it("proves nothing without the pepper", async () => {
    const other = createSecretHasher({ pepper: Buffer.alloc(32, 2) });
    expect(await other.verify("right", await hasher.hash("right"))).toBe(false);
    await other.close();
  });

  it("knows what was hashed with a pepper before its own, and hashes with its own alone", async () => {
    const stored = await hasher.hash("right");
    const next = createSecretHasher({ pepper: Buffer.alloc(32, 2), previousPeppers: [Buffer.alloc(32, 3), pepper] });
    expect(await next.verify("right", stored)).toBe(true);
    expect(await next.verify("wrong", stored)).toBe(false);
    expect(await hasher.verify("right", await next.hash("right"))).toBe(false);
    await next.close();
  });

  it("leaves the event loop free while it works", async () => {
    await hasher.hash("warm");
    const before = performance.eventLoopUtilization();
    await Promise.all(Array.from({ length: 20 }, (_, n) => hasher.hash(`secret ${n}`)));
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });

  it("refuses what goes beyond its queue, and works on", async () => {
    const small = createSecretHasher({ pepper, maxWaiting: 2 });
    const results = await Promise.allSettled(["a", "b", "c"].map((secret) => small.hash(secret)));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(results[2]).toMatchObject({ reason: { code: "overloaded", retryAfterSeconds: 1 } });
    expect(await small.hash("d")).toHaveLength(60);
    await small.close();
  });

  it("answers a hash it cannot read with an error or no, and works on", async () => {
    expect(await hasher.verify("right", "not a hash")).toBe(false);
    expect(await hasher.hash("after")).toHaveLength(60);
  });

  it("rejects what still waits when it is closed", async () => {
    const closing = createSecretHasher({ pepper });
    const waiting = expect(closing.hash("late")).rejects.toThrow("the bcrypt thread ended");
    await closing.close();
    await waiting;
  });
});
