import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliveryMoves, deliveryStatuses, notificationMoves, notificationStatuses, rollUp } from "./lifecycles";

const status = fc.constantFrom(...deliveryStatuses);

describe("lifecycles", () => {
  it("lead only to states that exist", () => {
    expect(notificationStatuses).toEqual(expect.arrayContaining(Object.values(notificationMoves).flat()));
    expect(deliveryStatuses).toEqual(expect.arrayContaining(Object.values(deliveryMoves).flat()));
  });
});

describe("rollUp", () => {
  it.each([
    [["SENT"], "SENT"],
    [["SENT", "DELIVERED", "UNKNOWN"], "SENT"],
    [["SENT", "FAILED"], "PARTIAL"],
    [["FAILED", "BOUNCED"], "FAILED"],
    [["FAILED", "SKIPPED"], "FAILED"],
    [["SENT", "SKIPPED"], "SENT"],
    [["SKIPPED", "SKIPPED"], "SKIPPED"],
    [["SENT", "QUEUED"], "PROCESSING"],
    [["FAILED", "SENDING"], "PROCESSING"],
  ] as const)("makes %j %s", (deliveries, expected) => {
    expect(rollUp(deliveries)).toBe(expected);
  });

  it("does not depend on the order of the deliveries, nor on how often one is counted", () => {
    fc.assert(
      fc.property(fc.array(status, { minLength: 1 }), (deliveries) => {
        expect(rollUp([...deliveries].reverse())).toBe(rollUp(deliveries));
        expect(rollUp([...deliveries, ...deliveries])).toBe(rollUp(deliveries));
      }),
    );
  });
});
