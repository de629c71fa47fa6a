import { newUuid } from "@tidings/shared/ids";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestConsole, type TestConsole } from "../testing/test-console";
import { createAuth } from "./auth";

let console: TestConsole;
let api: ReturnType<typeof createAuth>["api"];
beforeAll(async () => {
  console = await openTestConsole();
  api = createAuth(console.house).api;
});
afterAll(() => console?.close());

const password = "six calm words are long enough";
const unfit = ["W".repeat(101), "Ann\r\nBcc: all", "Ann\u0000", "Ann\uD800"];

it.each(unfit)("nobody signs up as %j: it would stand in mails to others", async (name) => {
  const email = `${newUuid()}@example.com`;
  const signingUp = api.signUpEmail({ body: { name, email, password } });
  await expect(signingUp).rejects.toMatchObject({ statusCode: 400, body: { code: "NAME_UNFIT" } });
  expect(await console.database.user.count({ where: { email } })).toBe(0);
});

it("nobody takes such a name later", async () => {
  const email = `${newUuid()}@example.com`;
  const { headers } = await api.signUpEmail({ body: { name: "Ann", email, password }, returnHeaders: true });
  const cookie = headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const rename = (name: string) => api.updateUser({ body: { name }, headers: new Headers({ cookie }) });
  for (const name of unfit) await expect(rename(name)).rejects.toMatchObject({ body: { code: "NAME_UNFIT" } });
  await rename("Ann Okafor");
  expect(await console.database.user.findUnique({ where: { email } })).toMatchObject({ name: "Ann Okafor" });
});
