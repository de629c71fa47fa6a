import { newUuid, publicId } from "@tidings/shared/ids";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestConsole, type TestConsole, type TestPerson } from "../testing/test-console";

let console: TestConsole;
let ann: TestPerson;
let tenant: { id: string; slug: string };
beforeAll(async () => {
  console = await openTestConsole();
  ann = await console.person();
  tenant = await console.tenant([[ann, "owner"]]);
});
afterAll(() => console?.close());

const place = () => ({ tenant: tenant.slug, mode: "live" as const });
const lift = (ids: string[]) => console.as(ann).suppressions.lift({ ...place(), ids });

async function suppress(address: string, tenantId = tenant.id): Promise<string> {
  const row = { id: newUuid(), tenantId, channel: "email", address, reason: "hard_bounce" };
  await console.database.suppression.create({ data: row });
  return publicId("suppression", row.id);
}
const left = async (tenantId = tenant.id) =>
  (await console.database.suppression.findMany({ where: { tenantId } })).map(({ address }) => address).sort();

it("lifts several at once, tells of each, and leaves each in the audit log", async () => {
  const addresses = ["ann@example.com", "bob@example.com", "cem@example.com"];
  const ids: string[] = [];
  for (const address of addresses) ids.push(await suppress(address));
  const endpoint = { tenantId: tenant.id, mode: "live", url: "https://example.com", sealedSecret: "s" };
  await console.database.endpoint.create({ data: { ...endpoint, id: newUuid(), events: ["suppression.removed"] } });
  expect((await lift(ids.slice(0, 2))).sort()).toEqual(ids.slice(0, 2).sort());
  expect(await left()).toEqual(["cem@example.com"]);
  const told = await console.database.report.findMany({ where: { tenantId: tenant.id } });
  expect(told.map(({ facts }) => (facts as { address: string }).address).sort()).toEqual(addresses.slice(0, 2));
  const log = await console.database.auditEntry.findMany({ where: { tenantId: tenant.id } });
  expect(log.map(({ action, target, userId }) => [action, target, userId]).sort()).toEqual(
    addresses.slice(0, 2).map((address) => ["suppression.lifted", address, ann.id]),
  );
  expect(log[0]?.before).toMatchObject({ reason: "hard_bounce" });
});

it("passes over what is gone or another tenant's, and says when there is nothing left to lift", async () => {
  const stranger = await console.tenant();
  const theirs = await suppress("ann@example.com", stranger.id);
  const [gone, mine] = [publicId("suppression", newUuid()), await suppress("dee@example.com")];
  expect(await lift([gone, theirs, mine])).toEqual([mine]);
  await expect(lift([gone, theirs, mine])).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await left(stranger.id)).toEqual(["ann@example.com"]);
  const entries = await console.database.auditEntry.findMany({
    where: { tenantId: tenant.id, target: "dee@example.com" },
  });
  expect(entries).toHaveLength(1);
});

it("lifts a hundred at once, and no more", async () => {
  const ids = (count: number) => Array.from({ length: count }, () => publicId("suppression", newUuid()));
  await expect(lift(ids(101))).rejects.toMatchObject({ code: "BAD_REQUEST" });
  await expect(lift(ids(100))).rejects.toMatchObject({ code: "NOT_FOUND" });
});
