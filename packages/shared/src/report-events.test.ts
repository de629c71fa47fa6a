import { describe, expect, it } from "vitest";
import { publicId } from "./ids";
import { bodyOf, bodySchemaOf, eventPatterns, exampleOf, reportEventTypes } from "./report-events";

const uuid = "01890a5d-ac96-774b-bcce-b302099a8057";
const createdAt = new Date("2026-11-21T09:00:00.123Z");

describe("the catalogue", () => {
  it.each(reportEventTypes)("%s has an example that its schema describes to the last field", (type) => {
    const body = exampleOf(type);
    expect(bodySchemaOf(type).parse(body)).toEqual(body);
    expect(body.type).toBe(type);
  });

  it("can be asked for whole, by its beginnings and by its types", () => {
    expect(eventPatterns).toEqual(expect.arrayContaining(["*", "delivery.*", "delivery.sent"]));
  });
});

describe("the body of a report", () => {
  const report = { type: "delivery.sent", sequence: 7n, createdAt };

  it("shows public ids, and null for what is not known", () => {
    const facts = { id: uuid, notificationId: uuid, channel: "email", status: "SENT", unheardOf: 1 };
    expect(bodyOf({ ...report, facts })).toEqual({
      type: "delivery.sent",
      timestamp: "2026-11-21T09:00:00.123Z",
      data: {
        id: publicId("delivery", uuid),
        notificationId: publicId("notification", uuid),
        channel: "email",
        address: null,
        recipientId: null,
        category: null,
        status: "SENT",
        provider: null,
        providerMessageId: null,
        reason: null,
        bounce: null,
        attempt: null,
        url: null,
        occurredAt: "2026-11-21T09:00:00.123Z",
        sequence: 7,
      },
    });
  });

  it("has the same bytes in whatever order the facts were stored", () => {
    const bytesOf = (facts: object) => JSON.stringify(bodyOf({ ...report, facts }));
    expect(bytesOf({ id: uuid, reason: "x" })).toBe(bytesOf({ reason: "x", id: uuid }));
  });

  it("tells when it happened, not when the report was written", () => {
    const body = bodyOf({ ...report, facts: { id: uuid, occurredAt: "2026-11-01T10:00:00+01:00" } });
    expect(body.timestamp).toBe("2026-11-01T09:00:00.000Z");
    expect(body.data.occurredAt).toBe(body.timestamp);
  });
});
