import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestConsole, type TestConsole } from "../testing/test-console";

let console: TestConsole;
beforeAll(async () => {
  console = await openTestConsole();
});
afterAll(() => console?.close());

it("lets a team change what is theirs, and not what the operator has decided", async () => {
  const owner = await console.person();
  const { id, slug } = await console.tenant([[owner, "owner"]]);
  await console.database.tenant.update({ where: { id }, data: { usesPlatformAccounts: false } });
  const fields = { tracksOpens: true, usesPlatformAccounts: true, plan: "scale" };
  await console.as(owner).settings.update({ tenant: slug, mode: "test", ...fields } as never);
  const after = await console.database.tenant.findUniqueOrThrow({ where: { id } });
  expect(after).toMatchObject({ tracksOpens: true, usesPlatformAccounts: false, plan: "unlimited" });
});
