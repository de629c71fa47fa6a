import { newUuid } from "@tidings/shared/ids";
import { totp } from "@tidings/tests/setup/totp";
import { createEmailVerificationToken } from "better-auth/api";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { authCalls, cookieOf } from "../testing/auth-calls";
import { openTestConsole, type TestConsole } from "../testing/test-console";

const password = "six calm words are long enough";
let console: TestConsole;
let calls: ReturnType<typeof authCalls>;
beforeAll(async () => {
  console = await openTestConsole();
  calls = authCalls(console);
});
afterAll(() => console?.close());

let email: string;
let tenant: string;
/** Of the browser that signed up. */
let first: string;
beforeEach(async () => {
  email = `${newUuid()}@example.com`;
  first = cookieOf(await calls.post("/sign-up/email", { name: "Ann", email, password }));
  const person = await console.database.user.update({ where: { email }, data: { emailVerified: true } });
  ({ slug: tenant } = await console.tenant([[person, "owner"]]));
  await console.database.tenant.update({ where: { slug: tenant }, data: { requiresTwoFactor: true } });
});

const signIn = (cookie = "") => calls.post("/sign-in/email", { email, password }, cookie);
/** Why the tenant that asks for a second factor does not let somebody in; null when it does. */
const refusal = (cookie: string) => calls.refusal(tenant, cookie);

async function prepare(cookie: string): Promise<{ totpURI: string; backupCodes: string[] }> {
  return (await calls.post("/two-factor/enable", { password }, cookie)).json();
}

/** Turns a second factor on. @returns its code, and the browser's cookie from then on */
async function turnOn(cookie: string): Promise<{ code: string; cookie: string }> {
  const code = totp(new URL((await prepare(cookie)).totpURI).searchParams.get("secret") ?? "");
  return { code, cookie: cookieOf(await calls.post("/two-factor/verify-totp", { code }, cookie)) };
}

it("is given by the code that turns it on, and sessions begun before end", async () => {
  const older = cookieOf(await signIn());
  expect(await refusal(older)).toMatch(/set one up first/);
  const { cookie } = await turnOn(first);
  expect(await refusal(cookie)).toBeNull();
  for (const gone of [older, first]) expect(await refusal(gone)).toBe("You are not signed in.");
});

it("is given by a code at sign-in, and on a browser that is trusted since; a new password changes nothing", async () => {
  const { code } = await turnOn(first);
  const asked = await signIn();
  expect(await asked.json()).toMatchObject({ twoFactorRedirect: true });
  const answer = await calls.post("/two-factor/verify-totp", { code, trustDevice: true }, cookieOf(asked));
  expect(await refusal(cookieOf(answer))).toBeNull();

  const trusted = cookieOf(await signIn(cookieOf(answer)));
  expect(await refusal(trusted)).toBeNull();
  const change = { currentPassword: password, newPassword: "another five calm words", revokeOtherSessions: true };
  expect(await refusal(cookieOf(await calls.post("/change-password", change, trusted)))).toBeNull();
});

it("is not given in a session that only the confirmed address has begun, nor in one of which nothing is known", async () => {
  const { cookie } = await turnOn(first);
  const token = await createEmailVerificationToken((await calls.auth.$context).secret, email);
  await console.database.user.update({ where: { email }, data: { emailVerified: false } });
  const url = `http://console.test/api/auth/verify-email?token=${token}`;
  const confirmed = cookieOf(await calls.auth.handler(new Request(url)));
  expect(await refusal(confirmed)).toMatch(/give the code of yours first/);

  await console.database.session.updateMany({ where: { user: { email } }, data: { secondFactor: null } });
  expect(await refusal(cookie)).toMatch(/give the code of yours first/);
});

it("is not given by a recovery code of one that was never turned on", async () => {
  const { backupCodes } = await prepare(first);
  const answer = await calls.post("/two-factor/verify-backup-code", { code: backupCodes[0] }, first);
  expect(answer.status).toBe(200);
  expect(await refusal(first)).toMatch(/set one up first/);
});

it("is gone from every session once it is turned off", async () => {
  const { code, cookie } = await turnOn(first);
  const other = cookieOf(await calls.post("/two-factor/verify-totp", { code }, cookieOf(await signIn())));
  expect(await refusal(other)).toBeNull();
  const off = cookieOf(await calls.post("/two-factor/disable", { password }, cookie));
  for (const one of [off, other]) expect(await refusal(one)).toMatch(/set one up first/);
});

it("is asked for on every browser again once it was turned off and on, also where one was trusted", async () => {
  const { code, cookie } = await turnOn(first);
  const trust = { code, trustDevice: true };
  const trusted = cookieOf(await calls.post("/two-factor/verify-totp", trust, cookieOf(await signIn())));
  await turnOn(cookieOf(await calls.post("/two-factor/disable", { password }, cookie)));
  expect(await (await signIn(trusted)).json()).toMatchObject({ twoFactorRedirect: true });
});

it.each(["disable", "generate-backup-codes", "get-totp-uri"])("no password alone is enough to %s", async (what) => {
  const { code, cookie } = await turnOn(first);
  await console.database.session.updateMany({ where: { user: { email } }, data: { secondFactor: false } });
  const change = async () => (await calls.post(`/two-factor/${what}`, { password }, cookie)).status;
  expect(await change()).toBe(403);
  await calls.post("/two-factor/verify-totp", { code }, cookie);
  expect(await change()).toBe(200);
});
