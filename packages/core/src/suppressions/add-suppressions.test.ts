import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { newUuid } from "@tidings/shared/ids";
import { createTestDatabase } from "@tidings/tests/setup/test-services";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { addSuppressions, type NewSuppression } from "./add-suppressions";
import { suppressionReasons } from "./suppression-reasons";

let database: Database;
let tenantId: string;
beforeAll(async () => {
  database = openDatabase({ url: await createTestDatabase(), poolSize: 4, applicationName: "test" });
});
afterAll(() => database?.$disconnect());
beforeEach(async () => {
  tenantId = (await createTestTenant(database)).id;
});

const add = (...rows: Partial<NewSuppression>[]) =>
  database.$transaction((transaction) =>
    addSuppressions(
      transaction,
      rows.map((row) => ({
        tenantId,
        mode: "live",
        channel: "email",
        address: "ann@example.com",
        category: "",
        reason: "manual",
        detail: null,
        ...row,
      })),
    ),
  );
const stored = () => database.suppression.findMany({ where: { tenantId }, orderBy: { id: "asc" } });

it("returns those that are new, and changes nothing when they are added again", async () => {
  const first = await add({ detail: "asked by phone" }, { address: "bob@example.com", category: "offers" });
  expect(first.added).toMatchObject([
    { address: "ann@example.com", category: "", reason: "manual", detail: "asked by phone" },
    { address: "bob@example.com", category: "offers" },
  ]);
  const before = await stored();
  expect((await add({}, { address: "bob@example.com", category: "offers" })).added).toEqual([]);
  expect(await stored()).toEqual(before);
});

it("keeps the gravest reason, whichever comes first", async () => {
  const [lightest, ...graver] = suppressionReasons.toReversed();
  await add({ reason: lightest as "manual" });
  for (const reason of graver) {
    expect((await add({ reason, detail: reason })).added).toEqual([]);
    await add({ reason: "manual", detail: "lesser" });
    expect(await stored()).toMatchObject([{ reason, detail: reason }]);
  }
  await add({ address: "bob@example.com", reason: "unsubscribe" }, { address: "bob@example.com", reason: "complaint" });
  expect((await stored())[1]).toMatchObject({ reason: "complaint" });
});

it("holds an address in one form, and leaves out what is none", async () => {
  const { added } = await add(
    { address: " Ann@EXAMPLE.com" },
    { address: "ann@example.com" },
    { address: "not an address" },
    { channel: "sms", address: "+14155550100" },
    { channel: "carrier_pigeon", address: "x" },
  );
  expect(added.map(({ address }) => address)).toEqual(["ann@example.com", "+14155550100"]);
});

it("stores what a provider says, whatever it is made of", async () => {
  await add({ detail: `\u0000${"x".repeat(5_000)}` }, { address: "bob@example.com", detail: "half \ud800" });
  expect((await stored()).map(({ detail }) => detail)).toEqual(["x".repeat(1_000), "half \ufffd"]);
});

it("tells the endpoints of its mode of each that is new, once", async () => {
  const endpoint = { tenantId, url: "https://example.com", events: ["suppression.added"], sealedSecret: "s" };
  const [live, test] = [newUuid(), newUuid()];
  await database.endpoint.create({ data: { ...endpoint, id: live, mode: "live" } });
  await database.endpoint.create({ data: { ...endpoint, id: test, mode: "test" } });
  const { added, reports } = await add({ reason: "hard_bounce", detail: "550 no such user" });
  expect(reports).toMatchObject([{ endpointId: live }]);
  expect((await add({ mode: "test" })).reports).toEqual([]);
  expect((await add({ mode: "test", category: "offers" })).reports).toMatchObject([{ endpointId: test }]);
  const { facts } = await database.report.findFirstOrThrow({ where: { endpointId: live } });
  expect(facts).toMatchObject({ id: added[0]?.id, address: "ann@example.com", reason: "hard_bounce" });
});

it("lets many add the same addresses at once, each of them once", async () => {
  const addresses = Array.from({ length: 50 }, (_, index) => ({ address: `p${index}@example.com` }));
  const answers = await Promise.all([1, 2, 3, 4].map((n) => add(...(n % 2 ? addresses : addresses.toReversed()))));
  expect(answers.flatMap(({ added }) => added)).toHaveLength(50);
});
