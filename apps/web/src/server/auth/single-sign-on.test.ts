import { generateKeyPairSync, sign } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { newUuid } from "@tidings/shared/ids";
import { totp } from "@tidings/tests/setup/totp";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { authCalls, cookieOf } from "../testing/auth-calls";
import { openTestConsole, type TestConsole } from "../testing/test-console";

const clientId = "tidings";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
/** What the identity provider says of whoever comes next. */
let claims: Record<string, unknown> = {};
let issuer = "";
const provider = createServer((request, response) => {
  const answers: Record<string, () => unknown> = {
    "/.well-known/openid-configuration": () => ({
      ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
      ...{ jwks_uri: `${issuer}/jwks`, id_token_signing_alg_values_supported: ["RS256"] },
    }),
    "/jwks": () => ({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }] }),
    "/token": () => ({ access_token: "a", token_type: "Bearer", expires_in: 60, id_token: signed(claims) }),
  };
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(answers[request.url ?? ""]?.() ?? {}));
});

function signed(payload: unknown): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part({ alg: "RS256", kid: "1" })}.${part(payload)}`;
  return `${input}.${sign("sha256", Buffer.from(input), privateKey).toString("base64url")}`;
}

let console: TestConsole;
let calls: ReturnType<typeof authCalls>;
beforeAll(async () => {
  provider.listen(0, "127.0.0.1");
  await once(provider, "listening");
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  console = await openTestConsole({ OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: "secret" });
  calls = authCalls(console);
});
afterAll(async () => {
  await console?.close();
  provider.close();
});

let email: string;
let tenant: string;
beforeEach(newcomer);

/** From now on it is about another person, alone in a team that asks for a second factor. */
async function newcomer(): Promise<void> {
  const person = await console.person();
  ({ email } = person);
  ({ slug: tenant } = await console.tenant([[person, "owner"]]));
  await console.database.tenant.update({ where: { slug: tenant }, data: { requiresTwoFactor: true } });
}

/**
 * Signs in by single sign-on.
 * @param amr how the provider asked who it is
 * @param sub the identity there
 * @returns the browser's cookie
 */
async function signOn(amr?: string[], sub = email): Promise<string> {
  const begun = await post("/sign-in/social", { provider: "oidc", callbackURL: "/" });
  const { searchParams } = new URL(((await begun.json()) as { url: string }).url);
  const seconds = Math.floor(Date.now() / 1_000);
  claims = {
    iss: issuer,
    aud: clientId,
    sub,
    iat: seconds,
    exp: seconds + 60,
    nonce: searchParams.get("nonce"),
  };
  Object.assign(claims, { email, email_verified: true, name: "Ann", ...(amr && { amr }) });
  const callback = `${searchParams.get("redirect_uri")}?code=c&state=${searchParams.get("state")}`;
  const answer = await calls.auth.handler(new Request(callback, { headers: { cookie: cookieOf(begun) } }));
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/"]);
  return cookieOf(answer);
}

const post = (...call: Parameters<ReturnType<typeof authCalls>["post"]>) => calls.post(...call);
/** Why the tenant that asks for a second factor does not let somebody in; null when it does. */
const refusal = (cookie: string) => calls.refusal(tenant, cookie);

it("is enough for a team that asks for a second factor when the identity provider asked for one", async () => {
  expect(await refusal(await signOn(["pwd", "mfa"]))).toBeNull();
  expect(await refusal(await signOn(["pwd"]))).toMatch(/set one up first/);
  expect(await refusal(await signOn())).toMatch(/set one up first/);
});

it("goes by the identity that was used, where a person has several", async () => {
  for (const sub of [email, `${email}#2`]) {
    expect(await refusal(await signOn(["mfa"], sub))).toBeNull();
    expect(await refusal(await signOn(["pwd"], `${email}#2`))).toMatch(/set one up first/);
    expect(await refusal(await signOn(["pwd"]))).toMatch(/set one up first/);
  }
});

it("asks for the code of a second factor that is set up here, in each session", async () => {
  const { code, cookie } = await turnOn(await signOn(["mfa"]));
  expect(await refusal(cookie)).toBeNull();

  const another = await signOn();
  expect(await refusal(another)).toMatch(/give the code of yours first/);
  expect((await post("/two-factor/verify-totp", { code: "000000" }, another)).status).toBe(401);
  expect(await refusal(another)).toMatch(/give the code of yours first/);
  expect((await post("/two-factor/verify-totp", { code }, another)).status).toBe(200);
  expect(await refusal(another)).toBeNull();
  expect(await refusal(await signOn())).toMatch(/give the code of yours first/);
});

describe("ten wrong codes", () => {
  const wrong = { "verify-totp": "000000", "verify-backup-code": "aaaaa-aaaaa" };
  const guess = async (what: keyof typeof wrong, cookie: string) =>
    (await post(`/two-factor/${what}`, { code: wrong[what] }, cookie)).status;

  it("slow down all sessions of who gives them, and nobody else's", async () => {
    const { code } = await turnOn(await signOn());
    const cookies = [await signOn(), await signOn()] as const;
    const statuses: number[] = [];
    for (let made = 0; made < 12; made += 1)
      statuses.push(await guess(made % 3 === 0 ? "verify-backup-code" : "verify-totp", cookies[made % 2] ?? ""));
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    for (const cookie of cookies) {
      expect((await post("/two-factor/verify-totp", { code }, cookie)).status).toBe(429);
      expect(await refusal(cookie)).toMatch(/give the code of yours first/);
    }
    await newcomer();
    expect(await refusal((await turnOn(await signOn())).cookie)).toBeNull();
  });

  it("are counted anew after a right one", async () => {
    const { code } = await turnOn(await signOn());
    const cookie = await signOn();
    for (let round = 0; round < 2; round += 1) {
      for (let made = 0; made < 9; made += 1) expect(await guess("verify-totp", cookie)).toBe(401);
      expect((await post("/two-factor/verify-totp", { code }, cookie)).status).toBe(200);
    }
  });
});

/** Gives the person a password, and turns a second factor on. @returns its code, and the browser's cookie from then on */
async function turnOn(cookie: string): Promise<{ code: string; cookie: string }> {
  const password = "six calm words are long enough";
  const { id } = await console.database.user.findUniqueOrThrow({ where: { email } });
  const hash = await console.house.passwords.hash(password);
  const login = { id: newUuid(), userId: id, accountId: id, providerId: "credential", password: hash };
  await console.database.login.create({ data: login });
  const { totpURI } = (await (await post("/two-factor/enable", { password }, cookie)).json()) as { totpURI: string };
  const code = totp(new URL(totpURI).searchParams.get("secret") ?? "");
  return { code, cookie: cookieOf(await post("/two-factor/verify-totp", { code }, cookie)) };
}
