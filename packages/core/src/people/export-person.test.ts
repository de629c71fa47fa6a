import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { describe, expect, it } from "vitest";
import { exportPerson } from "./export-person";
import { type PersonName, publicPersonExport } from "./person-schemas";
import { canaries, startPeople } from "./testing/start-people";

const { at, database, erase, happened, stored, suppressed } = await startPeople();
const ann = { id: canaries.id };

describe("exporting a person", () => {
  const all = async (person: PersonName, limit = 100) => {
    const pages = [];
    let after: string | undefined;
    do {
      const page = await exportPerson(database, at.tenantId, person, { limit, ...(after !== undefined && { after }) });
      pages.push(publicPersonExport.parse(page));
      after = page.nextCursor === null ? undefined : Buffer.from(page.nextCursor, "base64url").toString();
    } while (after !== undefined);
    return pages;
  };

  it("gives everything there is, a page at a time, each thing once", async () => {
    await stored();
    await suppressed("sms", canaries.phone);
    for (let count = 0; count < 4; count += 1) await happened();
    await happened({
      address: canaries.phone,
      channel: "sms",
      recipientId: null,
      addresses: { phone: canaries.phone },
    });
    for (let count = 0; count < 3; count += 1) {
      const item = {
        id: newUuid(),
        tenantId: at.tenantId,
        mode: "live",
        recipientId: canaries.id,
        title: "t",
        body: "b",
      };
      await database.inboxItem.create({ data: item });
    }
    const pages = await all(ann, 2);
    expect(pages.map(({ notifications }) => notifications.length)).toEqual([2, 2, 1]);
    expect(pages.map(({ recipients, suppressions }) => recipients.length + suppressions.length)).toEqual([2, 0, 0]);
    const notifications = pages.flatMap((page) => page.notifications);
    expect(new Set(notifications.map(({ id }) => id)).size).toBe(5);
    const told = notifications.map(({ deliveries }) =>
      deliveries.map(({ attempts, receipts }) => [attempts.length, receipts.length]),
    );
    expect(told).toEqual(Array(5).fill([[1, 1]]));
    expect(pages.flatMap(({ inbox }) => inbox)).toHaveLength(3);
  });

  it("gives nothing of anybody else", async () => {
    await stored("usr_partner", { email: canaries.email });
    await happened({ recipientId: "usr_partner" });
    const nothing = { recipients: [], suppressions: [], notifications: [], inbox: [] };
    expect(await all(ann)).toMatchObject([nothing]);
    at.tenantId = (await createTestTenant(database)).id;
    expect(await all({ id: "usr_partner", email: canaries.email })).toMatchObject([nothing]);
  });

  it("gives nothing after an erasure", async () => {
    await stored();
    await happened();
    await erase(ann);
    expect(await all(ann)).toMatchObject([{ recipients: [], notifications: [], inbox: [], hasMore: false }]);
  });
});
