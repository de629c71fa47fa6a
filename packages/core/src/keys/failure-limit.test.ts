import { beforeEach, describe, expect, it } from "vitest";
import { createFailureLimit, type FailureLimit } from "./failure-limit";

let time: number;
let limit: FailureLimit;
beforeEach(() => {
  time = 1_000;
  limit = createFailureLimit({ most: 2, windowMs: 10_000, message: "Too many.", now: () => time });
});

describe("failure limit", () => {
  it("refuses a name after its failures, tells when to come back, and forgets them then", () => {
    limit.count("a");
    time += 4_500;
    limit.check("a");
    limit.count("a");
    expect(() => limit.check("a")).toThrow(expect.objectContaining({ code: "rate_limited", retryAfterSeconds: 6 }));
    time += 5_500;
    limit.check("a");
  });

  it("counts each name alone", () => {
    limit.count("a");
    limit.count("a");
    limit.check("b");
  });

  it("takes a count back", () => {
    limit.count("a");
    limit.count("a");
    limit.forgive("a");
    limit.check("a");
  });
});
