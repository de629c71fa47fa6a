import { newUuid } from "@tidings/shared/ids";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { authCalls } from "../testing/auth-calls";
import { openTestConsole, type TestConsole } from "../testing/test-console";
import { createAuth } from "./auth";

// Each password that is compared takes some hundred milliseconds of a core, by design: dozens are.
vi.setConfig({ testTimeout: 120_000 });

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

  /** Puts another password. @returns what the browser keeps that did */
  async function reset(email: string, newPassword: string) {
    const token = await resetToken(email);
    const answer = await auth.handler(
      new Request("http://console.test/api/auth/reset-password", {
        method: "POST",
        headers: { "content-type": "application/json", origin: "http://console.test" },
        body: JSON.stringify({ newPassword, token }),
      }),
    );
    expect(answer.status).toBe(200);
    return cookieOf(answer.headers);
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

  it("are thirty on all known devices of an account together, and a browser stays the device it was", async () => {
    const email = await account();
    const devices: string[] = [];
    for (let made = 0; made < 4; made += 1) devices.push((await signIn(email, password)).cookie);
    const [first = "", second = "", third = "", fourth = ""] = devices;
    await guess(email, 9, first);
    const again = await signIn(email, password, first);
    expect(await guess(email, 2, again.cookie)).toEqual([401, 429]);
    for (const device of [second, third]) expect((await guess(email, 11, device)).slice(-2)).toEqual([401, 429]);
    expect(await guess(email, 1, fourth)).toEqual([429]);
    expect((await signIn(email, password)).status).toBe(200);
  });

  it("are counted against the account on a device that was known with another password, or a year ago", async () => {
    const email = await account();
    const known = (await signIn(email, password)).cookie;
    const change = { currentPassword: password, newPassword: "yet five other calm words" };
    const changed = await api.changePassword({
      body: change,
      headers: new Headers({ cookie: known }),
      returnHeaders: true,
    });
    await guess(email, 10);
    expect((await signIn(email, change.newPassword, known)).status).toBe(429);
    const { status, cookie } = await signIn(email, change.newPassword, cookieOf(changed.headers));
    expect(status).toBe(200);

    const year = 365 * 24 * 60 * 60_000;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + year - 60_000 });
    try {
      expect((await signIn(email, wrong, cookie)).status).toBe(401);
      vi.setSystemTime(Date.now() + 120_000);
      expect((await signIn(email, wrong, cookie)).status).toBe(429);
    } finally {
      vi.useRealTimers();
    }
  });

  it("count no longer once the password is reset, on a device that is known from then on", async () => {
    const email = await account();
    const before = (await signIn(email, password)).cookie;
    await guess(email, 10);
    const device = await reset(email, "another five calm words");
    expect((await guess(email, 11, before)).slice(-2)).toEqual([401, 429]);
    expect((await signIn(email, "another five calm words", before)).status).toBe(429);
    expect((await signIn(email, "another five calm words", device)).status).toBe(200);
    const entries = await console.database.auditEntry.findMany({
      where: { actor: email, action: "password.reset" },
    });
    expect(entries).toHaveLength(1);
  });
});

describe("ten wrong passwords of somebody who is signed in", () => {
  let calls: ReturnType<typeof authCalls>;
  beforeAll(() => {
    calls = authCalls(console);
  });

  /** A person's address, and the sessions of two browsers. */
  async function signedIn() {
    const email = `${newUuid()}@example.com`;
    const one = await calls.post("/sign-up/email", { name: "Ann", email, password });
    const other = await calls.post("/sign-in/email", { email, password });
    return { email, one: cookieOf(one.headers), other: cookieOf(other.headers) };
  }

  /** Every place where better-auth asks for the password that somebody has, but to sign in; accounts are not deleted by it. */
  function askingPaths(): string[] {
    const others = new Set(["/sign-up/email", "/sign-in/email", "/delete-user"]);
    return Object.values(api).flatMap(({ path, options }) => {
      const fields = "body" in options && "shape" in options.body ? Object.keys(options.body.shape) : [];
      const asks = fields.some((field) => field === "password" || field === "currentPassword");
      return asks && path && !others.has(path) ? [path] : [];
    });
  }

  const give = async (path: string, given: string, cookie: string) => {
    const body = { password: given, currentPassword: given, newPassword: "yet five other calm words" };
    return (await calls.post(path, body, cookie)).status;
  };

  const wrong = "not the password at all";
  async function guess(cookie: string, times: number): Promise<number[]> {
    const paths = askingPaths();
    const statuses: number[] = [];
    for (let made = 0; made < times; made += 1)
      statuses.push(await give(paths[made % paths.length] ?? "", wrong, cookie));
    return statuses;
  }

  it("end the person's tries wherever it is asked for, in all sessions, and nobody else's", async () => {
    const { email, one, other } = await signedIn();
    expect(await guess(one, 10)).toEqual(Array(10).fill(400));
    for (const path of askingPaths()) expect([path, await give(path, password, other)]).toEqual([path, 429]);
    const slowed = await calls.post("/two-factor/enable", { password }, one);
    expect(Math.abs(Number(slowed.headers.get("retry-after")) - 870)).toBeLessThanOrEqual(30);
    const message = "Too many wrong passwords for this account. Wait 15 minutes, or reset the password.";
    expect(await slowed.json()).toEqual({ code: "ACCOUNT_SLOWED", message });
    expect((await calls.post("/sign-in/email", { email, password })).status).toBe(200);
    expect(await give("/two-factor/enable", password, (await signedIn()).one)).toBe(200);
  });

  it("are counted without the right ones between them", async () => {
    const { one } = await signedIn();
    await guess(one, 9);
    expect(await give("/two-factor/enable", password, one)).toBe(200);
    expect(await guess(one, 2)).toEqual([400, 429]);
  });

  it("count no longer once the password is reset", async () => {
    const { email, one } = await signedIn();
    await guess(one, 10);
    await calls.post("/reset-password", { newPassword: password, token: await resetToken(email) });
    const { headers } = await calls.post("/sign-in/email", { email, password });
    expect(await give("/change-password", password, cookieOf(headers))).toBe(200);
  });

  it("are not those of strangers who want to sign in", async () => {
    const { email, one } = await signedIn();
    for (let made = 0; made < 11; made += 1) await calls.post("/sign-in/email", { email, password: wrong });
    expect(await give("/change-password", password, one)).toBe(200);
  });
});

/** What the mail to somebody who forgot the password has in its link. */
async function resetToken(email: string): Promise<string> {
  const token = newUuid();
  const { id } = await console.database.user.findUniqueOrThrow({ where: { email } });
  const verification = { id: newUuid(), identifier: `reset-password:${token}`, value: id };
  await console.database.verification.create({ data: { ...verification, expiresAt: new Date(Date.now() + 60_000) } });
  return token;
}

function cookieOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
}
