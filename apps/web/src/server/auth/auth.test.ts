import { newUuid } from "@tidings/shared/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestConsole, type TestConsole } from "../testing/test-console";
import { createAuth } from "./auth";

let console: TestConsole;
let auth: ReturnType<typeof createAuth>;
let api: ReturnType<typeof createAuth>["api"];
beforeAll(async () => {
  console = await openTestConsole();
  auth = createAuth(console.house);
  api = auth.api;
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
  const cookie = cookieOf(headers);
  const rename = (name: string) => api.updateUser({ body: { name }, headers: new Headers({ cookie }) });
  for (const name of unfit) await expect(rename(name)).rejects.toMatchObject({ body: { code: "NAME_UNFIT" } });
  await rename("Ann Okafor");
  expect(await console.database.user.findUnique({ where: { email } })).toMatchObject({ name: "Ann Okafor" });
});

describe("ten wrong passwords", () => {
  const wrong = "not the password at all";

  async function account() {
    const email = `${newUuid()}@example.com`;
    await api.signUpEmail({ body: { name: "Ann", email, password } });
    return email;
  }

  /** Signs in, with what a browser keeps. @returns the answer's status and cookies */
  async function signIn(email: string, attempt: string, cookie = "") {
    const body = { email, password: attempt };
    try {
      const { headers } = await api.signInEmail({ body, headers: new Headers({ cookie }), returnHeaders: true });
      return { status: 200, cookie: cookieOf(headers) };
    } catch (error) {
      return { status: (error as { statusCode: number }).statusCode, cookie: "" };
    }
  }

  async function guess(email: string, times: number, cookie = "") {
    const statuses: number[] = [];
    for (let made = 0; made < times; made += 1) statuses.push((await signIn(email, wrong, cookie)).status);
    return statuses;
  }

  it("slow an account down for all devices that it does not know, and not for those that it does", async () => {
    const email = await account();
    const known = (await signIn(email, password)).cookie;
    expect(await guess(email, 11)).toEqual([...Array(10).fill(401), 429]);
    expect((await signIn(email, password)).status).toBe(429);
    expect((await signIn(email, password, known)).status).toBe(200);
  });

  it("slow a known device down as well, so that a stolen cookie opens nothing", async () => {
    const email = await account();
    const known = (await signIn(email, password)).cookie;
    expect((await guess(email, 11, known)).at(-1)).toBe(429);
    expect((await signIn(email, password)).status).toBe(200);
  });

  it("are counted against the account on a device that knows another, or makes itself known", async () => {
    const email = await account();
    const others = (await signIn(await account(), password)).cookie;
    const madeUp = (await signIn(email, password)).cookie.replace(/(device=[^.]*)/, "$1x");
    expect(await guess(email, 5, others)).toEqual(Array(5).fill(401));
    expect(await guess(email, 6, madeUp)).toEqual([...Array(5).fill(401), 429]);
  });

  it("count no longer once the password is reset, on a device that is known from then on", async () => {
    const email = await account();
    await guess(email, 10);
    const token = newUuid();
    const { id } = await console.database.user.findUniqueOrThrow({ where: { email } });
    const verification = { id: newUuid(), identifier: `reset-password:${token}`, value: id };
    await console.database.verification.create({
      data: { ...verification, expiresAt: new Date(Date.now() + 60_000) },
    });
    const answer = await auth.handler(
      new Request("http://console.test/api/auth/reset-password", {
        method: "POST",
        headers: { "content-type": "application/json", origin: "http://console.test" },
        body: JSON.stringify({ newPassword: "another five calm words", token }),
      }),
    );
    expect(answer.status).toBe(200);
    expect((await guess(email, 11)).slice(-2)).toEqual([401, 429]);
    expect((await signIn(email, "another five calm words", cookieOf(answer.headers))).status).toBe(200);
    const entries = await console.database.auditEntry.findMany({ where: { userId: id, action: "password.reset" } });
    expect(entries).toHaveLength(1);
  });
});

function cookieOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
}
