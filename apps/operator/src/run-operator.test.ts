import { randomUUID } from "node:crypto";
import { createAuthenticator } from "@tidings/core/keys/authenticate";
import { keyPepper } from "@tidings/core/keys/pepper";
import { createSecretHasher } from "@tidings/core/keys/secret-hasher";
import { platformAccounts } from "@tidings/core/providers/accounts/platform-accounts";
import { openConfig, sealConfig } from "@tidings/core/providers/settings/account-config";
import { receiptTokenOf } from "@tidings/core/receipts/receipt-url";
import { createSealer } from "@tidings/core/secrets/sealer";
import { openDatabase } from "@tidings/db/client";
import { newUuid, uuidOf } from "@tidings/shared/ids";
import { createStripeFake, stripeKey } from "@tidings/tests/fakes/stripe-fake";
import { beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../tests/setup/test-services";
import { type OperatorSettings, readOperatorSettings } from "./env";
import { startTidings } from "./testing/start-tidings";

const { platformSecret, databaseUrl, database, passwords, tidings, ask, makeTenant, authenticate } =
  await startTidings();

let slug: string;
beforeEach(async () => {
  slug = await makeTenant();
});

describe("tidings billing", () => {
  it("makes in Stripe what the plans need, once, and says what to set when there is no key", async () => {
    const fake = await createStripeFake();
    const stripe = () => ({ secretKey: stripeKey, apiUrl: fake.url });
    const first = await tidings(["billing", "setup"], { stripe });
    expect(first.out).toMatch(/^price +tidings_growth_email +price_\w+ +made$/m);
    const again = await tidings(["billing", "setup"], { stripe });
    expect(again.out).not.toMatch("made");
    expect(again.out.split("\n")).toHaveLength(first.out.split("\n").length);
    await fake.close();
    const without = await tidings(["billing", "setup"]);
    expect(without).toMatchObject({ code: 2, err: expect.stringContaining("STRIPE_SECRET_KEY") });
  });
});

describe("tidings tenant", () => {
  it("makes and lists tenants", async () => {
    expect((await tidings(["tenant", "create", "--name", `Umlaut Ö ${slug}`])).out).toContain(`umlaut-o-${slug}`);
    expect((await tidings(["tenant", "list"])).out).toMatch(new RegExp(`^${slug} .* tnt_\\w+ .*20\\d\\d-`, "m"));
  });

  it("puts a tenant on a plan, and says who is told of its quotas", async () => {
    const update = ["tenant", "update", "--tenant", slug];
    const { out } = await tidings([...update, "--plan", "free", "--contact-email", "team@example.com"]);
    expect(out).toBe(`Tenant ${slug} (Acme) is on plan free; team@example.com is told.`);
    expect((await tidings(["limit", "list", "--tenant", slug])).out).toMatch(
      /plan free.*sms +20\d\d-\d\d +0 of 50 +hard/s,
    );
    expect(await ask(...update, "--contact-email", "")).toMatchObject({ plan: "free", contactEmail: null });
    const own = await tidings([...update, "--platform-accounts", "off"]);
    expect(own.out).toMatch("It has its own provider accounts alone.");
    expect(await ask(...update, "--platform-accounts", "on")).toMatchObject({
      usesPlatformAccounts: true,
      plan: "free",
    });
    expect(await tidings([...update, "--plan", "gold"])).toMatchObject({ code: 2 });
    expect(await tidings([...update, "--platform-accounts", "maybe"])).toMatchObject({ code: 2 });
    expect(await tidings(update)).toMatchObject({ code: 2 });
    const made = await ask("tenant", "create", "--name", "Paying", "--slug", `p-${slug}`, "--plan", "growth");
    expect(made).toMatchObject({ plan: "growth" });
  });

  it("says in a sentence that a slug is taken", async () => {
    const { code, err } = await tidings(["tenant", "create", "--name", "Acme", "--slug", slug]);
    expect({ code, err }).toEqual({ code: 1, err: `There is a tenant with the slug ${slug} already.` });
  });
});

describe("tidings key", () => {
  it("makes a key that works, with what was asked for", async () => {
    const { key } = await ask<{ key: string }>("key", "create", "--tenant", slug, "--name", "k", "--mode", "test");
    expect(await authenticate(key)).toMatchObject({ mode: "test", scopes: new Set(["send", "read"]) });
    const made = await ask<object>(
      ...["key", "create", "--tenant", slug, "--name", "k", "--scopes", "manage", "--expires", "2100-01-01"],
    );
    expect(made).toMatchObject({ mode: "live", scopes: ["manage"], expiresAt: "2100-01-01T00:00:00.000Z" });
  });

  it("shows the whole key when it is made, and never again", async () => {
    const { out } = await tidings(["key", "create", "--tenant", slug, "--name", "k"]);
    const key = out.split("\n")[0] as string;
    await authenticate(key);
    const list = await tidings(["key", "list", "--tenant", slug]);
    expect(list.out).toContain(key.slice(0, 25));
    expect(list.out).not.toContain(key.slice(26));
  });

  it("revokes a key", async () => {
    const { id, key } = await ask<{ id: string; key: string }>("key", "create", "--tenant", slug, "--name", "k");
    await ask("key", "revoke", "--tenant", slug, id);
    await expect(authenticate(key)).rejects.toMatchObject({ code: "key_revoked" });
    expect((await tidings(["key", "list", "--tenant", slug])).out).toMatch(/revoked 20/);
  });

  it("leaves another tenant's key alone", async () => {
    const { id, key } = await ask<{ id: string; key: string }>("key", "create", "--tenant", slug, "--name", "k");
    const other = `other-${slug}`;
    await ask("tenant", "create", "--name", "Other", "--slug", other);
    expect(await tidings(["key", "revoke", "--tenant", other, id])).toMatchObject({ code: 1 });
    await authenticate(key);
  });
});

describe("tidings keys", () => {
  it("seals with the next secret what the one before sealed; keys made before are known until that is dropped", async () => {
    const { key, id } = await ask<{ key: string; id: string }>("key", "create", "--tenant", slug, "--name", "k");
    const { tenantId } = await database.apiKey.findUniqueOrThrow({ where: { id: uuidOf("key", id) ?? "" } });
    const row = { id: newUuid(), tenantId };
    const sealedConfig = sealConfig(createSealer([platformSecret]), row, { apiKey: "c4n4ry" });
    const data = { ...row, provider: "resend", name: "n", channels: ["email"], sealedConfig, receiptToken: row.id };
    await database.providerAccount.create({ data });

    const next = Buffer.alloc(32, 2);
    const rotating = { platformSecret: () => next, previousSecrets: () => [platformSecret] };
    const { out, code } = await tidings(["keys", "rotate"], rotating);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/provider_account.sealed_config +1 +0 +0/) });
    expect(out).toMatch("Nothing is sealed with an older secret any more.");
    expect((await tidings(["keys", "rotate"], rotating)).out).toMatch(/provider_account.sealed_config +0 +1 +0/);
    const stored = await database.providerAccount.findUniqueOrThrow({ where: { id: row.id } });
    expect(openConfig(createSealer([next]), stored)).toEqual({ apiKey: "c4n4ry" });
    const without = await tidings(["keys", "rotate"], { platformSecret: () => Buffer.alloc(32, 3) });
    expect(without.out).toMatch("1 could not be opened");
    await database.providerAccount.delete({ where: { id: row.id } });

    const known = createSecretHasher({ pepper: keyPepper(next), previousPeppers: [keyPepper(platformSecret)] });
    expect(await createAuthenticator({ database, hasher: known }).authenticate(key, "test")).toMatchObject({
      tenantId,
    });
    await known.close();
  });
});

describe("tidings limit", () => {
  it("sets, lists and lifts limits", async () => {
    const limit = ["--tenant", slug, "--channel", "email"];
    const all = ["--per-second", "100", "--burst", "200", "--requests-per-second", "50"];
    const email = { channel: "email", perSecond: 100, burst: 200 };
    expect(await ask("limit", "set", ...limit, ...all)).toMatchObject({ requestsPerSecond: 50, channels: [email] });
    await ask("limit", "set", "--tenant", slug, "--requests-per-second", "60");
    expect((await tidings(["limit", "list", "--tenant", slug])).out).toMatch(/60 a second.*email +100 +200/s);
    const lifted = await ask("limit", "remove", ...limit, "--requests-per-second");
    expect(lifted).toMatchObject({ requestsSetBy: "platform", channels: [] });
  });

  it("is stored although Redis is away, which is said", async () => {
    const words = ["limit", "set", "--tenant", slug, "--channel", "sms", "--per-second", "5"];
    const { code, err } = await tidings(words, { redisUrl: () => "redis://127.0.0.1:1" });
    expect(code).toBe(0);
    expect(err).toMatch(/^Redis does not answer: .*ECONNREFUSED.*\nlimit stored; it takes effect with the next sync/);
    expect(await ask("limit", "list", "--tenant", slug)).toMatchObject({ channels: [{ channel: "sms" }] });
  });

  it.each([
    [["--channel", "email"]],
    [["--per-second", "5"]],
    [["--burst", "5", "--requests-per-second", "5"]],
    [["--channel", "email", "--per-second", "5.5"]],
    [["--channel", "email", "--per-second", "0"]],
    [[]],
  ])("refuses %j", async (options) => {
    expect(await tidings(["limit", "set", "--tenant", slug, ...options])).toMatchObject({ code: 2, out: "" });
    expect(await ask("limit", "list", "--tenant", slug)).toMatchObject({ requestsPerSecond: 1_000, channels: [] });
  });
});

describe("tidings users", () => {
  it("makes a person who can sign in, in a tenant, and shows the password once", async () => {
    const email = `Ann-${slug}@example.com`;
    const add = ["users", "add", email, "--name", "Ann", "--tenant", slug, "--role", "developer"];
    const { out } = await tidings(add);
    const stored = email.toLowerCase();
    expect(out).toMatch(new RegExp(`^Made ${stored}, developer of ${slug}\\.`));
    const password = /^Password {2}(\S{24})$/m.exec(out)?.[1] ?? "";
    const user = await database.user.findUniqueOrThrow({
      where: { email: stored },
      include: { logins: true, members: true },
    });
    expect(user).toMatchObject({ name: "Ann", emailVerified: true, operator: false, members: [{ role: "developer" }] });
    const [login] = user.logins;
    expect(login).toMatchObject({ providerId: "credential", accountId: user.id });
    expect(await passwords.verify(password, login?.password ?? "")).toBe(true);
    const written = await database.auditEntry.findMany({ where: { target: stored }, orderBy: { id: "asc" } });
    expect(written).toMatchObject([{ action: "user.created", tenantId: null }, { action: "member.joined" }]);
    expect(JSON.stringify(written)).not.toContain(password);
    expect(await tidings(add)).toMatchObject({ code: 1, err: expect.stringContaining("has signed up already") });
  });

  it.each([
    ["no address", ["ann", "--name", "Ann"]],
    ["a role in no tenant", ["a@example.com", "--name", "Ann", "--role", "owner"]],
    ["a role that is none", ["a@example.com", "--name", "Ann", "--tenant", "t", "--role", "king"]],
  ])("refuses %s", async (_, words) => {
    expect(await tidings(["users", "add", ...words])).toMatchObject({ code: 2, out: "" });
  });
});

describe("tidings operators", () => {
  it("marks somebody who has signed up, lists them, and takes it back; each is on record", async () => {
    const email = `op-${slug}@example.com`;
    const missing = await tidings(["operators", "add", email]);
    expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/sign up in the console first.*users add/) });
    await ask("users", "add", email, "--name", "Op");
    expect((await tidings(["operators", "add", email.toUpperCase()])).out).toBe(`${email} is an operator from now on.`);
    expect((await tidings(["operators", "add", email])).out).toBe(`${email} is an operator already.`);
    expect((await tidings(["operators", "list"])).out).toMatch(new RegExp(`^${email} +Op +off`, "m"));
    await ask("operators", "remove", email);
    expect((await tidings(["operators", "list"])).out).not.toContain(email);
    const actions = await database.auditEntry.findMany({ where: { target: email }, orderBy: { id: "asc" } });
    expect(actions.map(({ action, actor }) => `${actor} ${action}`)).toEqual([
      ...["operator user.created", "operator operator.added", "operator operator.removed"],
    ]);
  });
});

describe("tidings receipt-urls", () => {
  it("lists where the accounts' receipts are taken, of providers that send any", async () => {
    const set = JSON.stringify([
      { provider: "smtp", config: { host: "smtp.example.com", from: "a@example.com" } },
      { provider: "resend", config: { apiKey: "re_1", from: "a@example.com" } },
      { id: "spare mail", provider: "resend", config: { apiKey: "re_2", from: "a@example.com" } },
    ]);
    const { out, code } = await tidings(["receipt-urls"], { platformAccounts: () => platformAccounts.parse(set) });
    const urlOf = (id: string) =>
      `https://notify.example.com/receipts/resend/${encodeURIComponent(receiptTokenOf(platformSecret, id))}`;
    const lines = out.split("\n").map((line) => line.split(/ {2,}/));
    expect({ code, lines }).toEqual({
      code: 0,
      lines: [
        ["ACCOUNT", "PROVIDER", "URL"],
        ["resend", "resend", urlOf("resend")],
        ["spare mail", "resend", urlOf("spare mail")],
      ],
    });
    expect((await tidings(["receipt-urls"])).out).toMatch("No account in PROVIDER_ACCOUNTS");
  });

  it.each([
    ["PUBLIC_URL", (all: OperatorSettings) => ({ publicUrl: all.publicUrl })],
    ["PROVIDER_ACCOUNTS", (all: OperatorSettings) => ({ platformAccounts: all.platformAccounts })],
    ["TIDINGS_SECRET", (all: OperatorSettings) => ({ platformSecret: all.platformSecret })],
  ])("names %s when it is not set", async (variable, unset) => {
    const changed = unset(readOperatorSettings({ DATABASE_URL: databaseUrl }));
    const { code, out, err } = await tidings(["receipt-urls"], changed);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(new RegExp(`^  ${variable}: is not set \\(.*, e\\.g\\. ${variable}=`, "m"));
  });
});

describe("tidings migrate", () => {
  it("does nothing to a database that is up to date", async () => {
    expect(await ask("migrate")).toMatchObject({ applied: [] });
    expect((await tidings(["migrate"])).out).toBe("Nothing to do: the database is up to date.");
  });

  it("brings up an empty database, which other commands ask for", async () => {
    const name = `migrate_${randomUUID().slice(0, 8)}`;
    await database.$executeRawUnsafe(`CREATE DATABASE ${name}`);
    const empty = { databaseUrl: () => Object.assign(new URL(databaseUrl), { pathname: `/${name}` }).href };
    const before = await tidings(["tenant", "list"], empty);
    expect(before).toMatchObject({ code: 1, err: expect.stringMatching("run the command migrate first") });
    expect((await tidings(["migrate"], empty)).out).toMatch(/^Applied \d+_init\./);
    expect(await tidings(["tenant", "list"], empty)).toMatchObject({ code: 0, out: "There are no tenants yet." });
    await database.$executeRawUnsafe(`DROP DATABASE ${name} WITH (FORCE)`);
  });
});

describe("tidings", () => {
  it.each([[[]], [["--help"]], [["key", "--help"]], [["key", "create", "--help"]]])("helps with %j", async (words) => {
    const { code, out } = await tidings(words);
    expect(code).toBe(0);
    expect(out).toContain("USAGE");
  });

  it.each([
    ["a command that is no command", ["frobnicate"]],
    ["half a command", ["key"]],
    ["a missing option", ["key", "list"]],
    ["an option it does not know", ["key", "create", "--tenant", "t", "--name", "k", "--expire", "2100-01-01"]],
    ["an option without its value", ["key", "create", "--tenant", "t", "--name"]],
    ["an unknown mode", ["key", "create", "--tenant", "t", "--name", "k", "--mode", "prod"]],
    ["an unknown scope", ["key", "create", "--tenant", "t", "--name", "k", "--scopes", "send,admin"]],
    ["a time that has passed", ["key", "create", "--tenant", "t", "--name", "k", "--expires", "2020-01-01"]],
    ["a word too many", ["tenant", "list", "all"]],
    ["an id that is none", ["key", "revoke", "--tenant", "t", "tdg_live"]],
  ])("ends with 2 and a sentence for %s", async (_, words) => {
    const { code, out, err } = await tidings(words);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).not.toBe("");
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("says that Postgres does not answer, without a stack and without the password", async () => {
    const away = { databaseUrl: () => "postgres://user:c4n4ry@127.0.0.1:1/none" };
    const { code, err } = await tidings(["tenant", "list"], away);
    expect(code).toBe(1);
    expect(err).toMatch(/^Postgres does not answer: .*127\.0\.0\.1:1/);
    expect(err).not.toMatch(/c4n4ry|\n/);
  });

  it("shows the stack of a bug", async () => {
    const broken = {
      databaseUrl: () => {
        throw new TypeError("a bug");
      },
    };
    const { code, err } = await tidings(["tenant", "list"], broken);
    expect(code).toBe(1);
    expect(err).toMatch(/TypeError: a bug\n\s+at /);
  });
});

describe("tidings dead-letter", () => {
  it("lists messages that nobody could read, which no tenant sees", async () => {
    expect((await tidings(["dead-letter", "list"])).out).toBe("There are no dead letters.");
    const where = { topic: "tidings.notifications", partition: 3, position: "42" };
    const payload = new Uint8Array(Buffer.from("{ not json"));
    await database.deadLetter.create({ data: { id: newUuid(), ...where, payload, reason: "not a notification's" } });
    expect((await tidings(["dead-letter", "list"])).out).toMatch(
      /^20\d\d-.* dlt_\w+ +- +tidings\.notifications\/3@42 +not a notification's$/m,
    );
  });
});

describe("seed", () => {
  it("fills a database once, and what is billed equals what was sent", async () => {
    const url = await createTestDatabase();
    const changed = { databaseUrl: () => url };
    const seeded = await tidings(["seed", "--messages", "500", "--json"], changed);
    expect([seeded.code, seeded.err]).toEqual([0, ""]);
    const tenants = JSON.parse(seeded.out) as { slug: string; messages: number }[];
    expect(tenants.map(({ messages }) => messages)).toEqual([500, 50, 10]);
    const since = new Date(Date.now() - 70 * 86_400_000).toISOString().slice(0, 10);
    expect((await tidings(["usage", "verify", "--from", since], changed)).out).toContain("equals the deliveries");
    expect((await tidings(["seed"], changed)).err).toContain("seeded");

    const filled = openDatabase({ url, poolSize: 2, applicationName: "test" });
    const [messages] = await filled.$queryRaw<Record<string, number>[]>`
      SELECT count(*)::int AS all, count(DISTINCT n.created_at::date)::int AS days,
        count(DISTINCT n.tenant_id)::int AS tenants, count(*) FILTER (WHERE n.settled_at IS NULL)::int AS waiting,
        count(*) FILTER (WHERE n.settled_at IS NOT NULL AND n.status IN ('SENT', 'FAILED', 'PARTIAL') AND NOT EXISTS (
          SELECT FROM delivery AS d WHERE d.notification_id = n.id AND d.tenant_id = n.tenant_id))::int AS hollow
      FROM notification AS n`;
    expect(messages).toMatchObject({ all: 500 + 50 + 10 + (messages?.waiting ?? 0), tenants: 3, hollow: 0 });
    expect(messages?.waiting).toBeGreaterThan(0);
    expect(messages?.days).toBeGreaterThan(50);
    await filled.$disconnect();
  });
});
