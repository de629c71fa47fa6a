import { getEventListeners, once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { withDeadline } from "./with-deadline";

const endOf = async (signal: AbortSignal) => {
  if (!signal.aborted) await once(signal, "abort");
  return (signal.reason as Error).name;
};

describe("withDeadline", () => {
  it("aborts when the time is over, garbage collected or not", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const many = Array.from({ length: 50 }, () => withDeadline(60, new AbortController().signal, endOf));
    collect();
    expect(new Set(await Promise.all(many))).toEqual(new Set(["TimeoutError"]));
  });

  it("aborts with its parent, also one that has aborted before", async () => {
    const parent = new AbortController();
    const ended = withDeadline(60_000, parent.signal, endOf);
    parent.abort(new TypeError("shutting down"));
    expect(await ended).toBe("TypeError");
    expect(await withDeadline(60_000, parent.signal, endOf)).toBe("TypeError");
  });

  it("passes on what the work gives", async () => {
    const { signal } = new AbortController();
    expect(await withDeadline(60_000, signal, async () => 7)).toBe(7);
    await expect(withDeadline(60_000, signal, () => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
  });

  it("has many hang on one parent, and many on one deadline, without a warning, and leaves nothing behind", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on("warning", onWarning);
    const parent = new AbortController();
    const attempts = (limit: AbortSignal) => Promise.all(Array.from({ length: 30 }, () => endOf(limit)));
    const groups = Array.from({ length: 30 }, () => withDeadline(60_000, parent.signal, attempts));
    const done = withDeadline(60_000, parent.signal, async () => {});
    expect(getEventListeners(parent.signal, "abort")).toHaveLength(31);
    await done;
    expect(getEventListeners(parent.signal, "abort")).toHaveLength(30);
    parent.abort(new TypeError("shutting down"));
    expect(new Set((await Promise.all(groups)).flat())).toEqual(new Set(["TypeError"]));
    expect(getEventListeners(parent.signal, "abort")).toEqual([]);
    await new Promise(setImmediate); // warnings are told a tick later
    process.off("warning", onWarning);
    expect(warnings).toEqual([]);
  });
});
