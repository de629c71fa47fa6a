import { channels } from "@tidings/channels/registry";
import { idsBeginningLike, newUuid } from "@tidings/shared/ids";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PlanInput, planDeliveries } from "./plan-deliveries";

const all = [...channels.keys()];

function plan(notification: Partial<PlanInput["notification"]>, recipient: PlanInput["recipient"] = null) {
  const input = { id: newUuid(), recipientId: null, addresses: {}, channels: all, ...notification };
  return planDeliveries({ notification: input, recipient, channels });
}
const targets = ({ deliveries }: ReturnType<typeof plan>) =>
  deliveries.map(({ channel, address }) => [channel, address]);

describe("planDeliveries", () => {
  it("makes one delivery per channel and address", () => {
    const recipient = { addresses: { email: "ann@example.com" }, deviceTokens: ["phone-token", "tablet-token"] };
    expect(targets(plan({ recipientId: "ann", channels: ["email", "push", "in_app"] }, recipient))).toEqual([
      ["email", "ann@example.com"],
      ["push", "phone-token"],
      ["push", "tablet-token"],
      ["in_app", "ann"],
    ]);
  });

  it("prefers the raw address of the request to the stored one", () => {
    const recipient = { addresses: { email: "old@example.com" }, deviceTokens: [] };
    const planned = plan(
      { recipientId: "ann", addresses: { email: "new@example.com" }, channels: ["email"] },
      recipient,
    );
    expect(targets(planned)).toEqual([["email", "new@example.com"]]);
  });

  it("leaves out channels the recipient has no address for", () => {
    const recipient = { addresses: { phone: "+14155550100" }, deviceTokens: [] };
    expect(targets(plan({ recipientId: "ann", channels: ["email", "sms"] }, recipient))).toEqual([
      ["sms", "+14155550100"],
    ]);
  });

  it("says why nobody can be reached", () => {
    expect(plan({ recipientId: "ghost", channels: ["email"] })).toMatchObject({
      deliveries: [],
      reason: "recipient ghost does not exist and no raw address was given",
    });
    const recipient = { addresses: {}, deviceTokens: [] };
    expect(plan({ recipientId: "ann", channels: ["email", "sms"] }, recipient)).toMatchObject({
      deliveries: [],
      reason: "the recipient has no address for email, sms",
    });
  });

  it("gives the same ids however often it plans, distinct, and all beginning like the notification's", () => {
    const tokens = fc.uniqueArray(fc.stringMatching(/^[a-z0-9]{8,40}$/), { maxLength: 200 });
    fc.assert(
      fc.property(tokens, (deviceTokens) => {
        const id = newUuid();
        const recipient = { addresses: { email: "ann@example.com", phone: "+14155550100" }, deviceTokens };
        const [first, second] = [1, 2].map(() =>
          plan({ id, recipientId: "ann" }, recipient).deliveries.map((one) => one.id),
        );
        expect(first).toEqual(second);
        expect(new Set(first).size).toBe(first?.length);
        const range = idsBeginningLike(id);
        expect(first?.every((one) => one >= range.first && one <= range.last)).toBe(true);
      }),
    );
  });

  it("gives two notifications of the same moment no id in common", () => {
    const ids = Array.from({ length: 1_000 }, () => newUuid());
    const planned = ids.flatMap(
      (id) => plan({ id, addresses: { email: "ann@example.com" }, channels: ["email"] }).deliveries,
    );
    expect(new Set(planned.map(({ id }) => id)).size).toBe(ids.length);
    expect(new Set(ids.map((id) => idsBeginningLike(id).first)).size).toBe(ids.length);
  });
});
