import { expect, it } from "vitest";
import { openTestConsole } from "../testing/test-console";

it("only operators found tenants where only who was invited signs up", async () => {
  const console = await openTestConsole({ SIGN_UP: "invited" });
  try {
    const [invited, operator] = [await console.person(), await console.person({ operator: true })];
    expect(await console.as(invited).account.me()).toMatchObject({ mayFoundTenants: false });
    await expect(console.as(invited).account.foundTenant({ name: "Mine" })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect(await console.database.member.count({ where: { userId: invited.id } })).toBe(0);
    await expect(console.as(operator).account.foundTenant({ name: "Ours" })).resolves.toMatchObject({ slug: "ours" });
  } finally {
    await console.close();
  }
});
