import { uuidOf } from "@tidings/shared/ids";
import { describe, expect, it } from "vitest";
import { startTidings } from "../testing/start-tidings";

const { database, passwords, ask, makeTenant, authenticate } = await startTidings();

describe("tidings demo", () => {
  interface Demo {
    tenantId: string;
    slug: string;
    liveKey: string;
    testKey: string;
    login: { email: string; password: string | null };
  }

  it("makes a tenant that can be tried at once, and is the same the second time", async () => {
    const first = await ask<Demo>("demo");
    const kept = ["--keep", `${first.liveKey},${first.testKey}`, "--keep-password", first.login.password ?? ""];
    expect(await ask<Demo>("demo", ...kept)).toEqual(first);
    const unknown = ["--keep-password", "not-theirs"];
    expect((await ask<Demo>("demo", ...unknown)).login).toEqual({ email: "demo@tidings.local", password: null });

    expect(first.slug).toBe("demo");
    const tenantId = uuidOf("tenant", first.tenantId) ?? "";
    const scopes = new Set(["send", "read", "manage"]);
    expect(await authenticate(first.liveKey)).toMatchObject({ tenantId, mode: "live", scopes });
    expect(await authenticate(first.testKey)).toMatchObject({ tenantId, mode: "test", scopes });

    const person = { user: { email: first.login.email } };
    const { password } = await database.login.findFirstOrThrow({ where: person });
    expect(await passwords.verify(first.login.password ?? "", password ?? "")).toBe(true);
    expect(await database.user.findUnique({ where: { email: "demo@tidings.local" } })).toMatchObject({
      operator: true,
    });
    expect(await database.member.findMany({ where: { tenantId } })).toMatchObject([{ role: "owner" }]);

    const ann = { where: { tenantId, id: "usr_42" }, include: { devices: true } };
    expect(await database.recipient.findMany(ann)).toMatchObject([{ locale: "en", devices: [{}] }]);
    const { content, variables } = await database.templateVersion.findFirstOrThrow({ where: { tenantId } });
    const every = { email: {}, sms: {}, whatsapp: {}, push: {}, in_app: {}, webhook: {} };
    expect(content).toMatchObject({ locales: { en: every, "pt-BR": every } });
    expect(variables).toEqual(["carrier", "orderId"]);
  });

  it("replaces a kept key that is no longer good, and keeps the other", async () => {
    const first = await ask<Demo>("demo");
    await database.apiKey.updateMany({
      where: { keyId: first.liveKey.split("_")[2] ?? "" },
      data: { revokedAt: new Date() },
    });
    const again = await ask<Demo>("demo", "--keep", `${first.liveKey},${first.testKey}`);
    expect(again.testKey).toBe(first.testKey);
    expect(again.liveKey).not.toBe(first.liveKey);
    await authenticate(again.liveKey);
  });

  it("does not keep another tenant's key, nor what is no key", async () => {
    const slug = await makeTenant();
    const { key } = await ask<{ key: string }>("key", "create", "--tenant", slug, "--name", "k");
    const { liveKey } = await ask<Demo>("demo", "--keep", `${key},nonsense`);
    expect(liveKey).not.toBe(key);
  });

  it("leaves alone what somebody has changed", async () => {
    const { tenantId: id } = await ask<Demo>("demo");
    const tenantId = uuidOf("tenant", id) ?? "";
    await database.recipient.updateMany({ where: { tenantId }, data: { locale: "pt-BR" } });
    await database.device.deleteMany({ where: { tenantId } });
    await ask("demo");
    expect(await database.recipient.findFirst({ where: { tenantId }, include: { devices: true } })).toMatchObject({
      locale: "pt-BR",
      devices: [],
    });
    expect(await database.templateVersion.count({ where: { tenantId } })).toBe(1);
  });
});
