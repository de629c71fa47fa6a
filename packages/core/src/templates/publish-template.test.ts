import { type Database, openDatabase } from "@tidings/db/client";
import { createTestTenant } from "@tidings/db/factories";
import { afterAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../../../../tests/setup/test-services";
import { compileMjml } from "./compile-mjml";
import { createTemplate } from "./create-template";
import { publishTemplate } from "./publish-template";
import type { CompiledContent } from "./template-content";
import { createTemplateBody, updateTemplateBody } from "./template-schemas";
import { hostileMjml } from "./testing/hostile-mjml";
import { faultsOf, htmlOf, mjmlPage } from "./testing/start-templates";
import { updateTemplate } from "./update-template";

/** One connection, so that a transaction that waits is noticed. */
const database = openDatabase({ url: await createTestDatabase(), poolSize: 1, applicationName: "test" });
afterAll(() => database.$disconnect());
const { id: tenantId } = await createTestTenant(database);

const saying = (email: object, rest: object = {}) => ({
  defaultLocale: "en",
  locales: { en: { email: { subject: "s", ...email } } },
  ...rest,
});
const make = (key: string, draft: object) =>
  createTemplate(database, tenantId, createTemplateBody.parse({ key, name: "Test", draft }));
const change = (key: string, body: object) => updateTemplate(database, tenantId, key, updateTemplateBody.parse(body));

/** The database for one who is always overtaken: between what they read and their transaction, something happens. */
function overtakenBy(happen: (times: number) => Promise<unknown>): Database {
  let times = 0;
  const transact = async (run: Parameters<Database["$transaction"]>[0]) => {
    await happen(++times);
    return await database.$transaction(run);
  };
  return new Proxy(database, {
    get: (target, name) => (name === "$transaction" ? transact : Reflect.get(target, name)),
  });
}

describe("a publish", () => {
  it("keeps no connection to itself while its MJML waits for another tenant's", async () => {
    await make("waiting", saying({ mjml: mjmlPage("x") }));
    const settled: string[] = [];
    const note = (name: string) => () => void settled.push(name);
    const ask = async () => {
      for (let n = 0; n < 10; n += 1) await database.template.count({ where: { tenantId } });
    };
    await Promise.all([
      compileMjml("another tenant", hostileMjml, { totalMs: 3_000, leftMs: 3_000 }).then(note("other compiled")),
      publishTemplate(database, tenantId, "waiting").then(note("published")),
      ask().then(note("others answered")),
    ]);
    expect(settled).toEqual(["others answered", "other compiled", "published"]);
  });

  it("compiles again what was changed meanwhile, and publishes the newest", async () => {
    await make("changing", saying({ html: "old" }));
    const overtaken = overtakenBy(async (times) => {
      if (times === 1) await change("changing", { draft: saying({ html: "new" }) });
    });
    expect(htmlOf(await publishTemplate(overtaken, tenantId, "changing"))).toBe("new");
  });

  it("compiles again with the layout that was published meanwhile", async () => {
    await make("layout", saying({ html: "1 {{ content }}" }));
    await publishTemplate(database, tenantId, "layout");
    await make("surrounded", saying({ html: "x" }, { layout: "layout" }));
    await change("layout", { draft: saying({ html: "2 {{ content }}" }) });
    const overtaken = overtakenBy(async (times) => {
      if (times === 1) await publishTemplate(database, tenantId, "layout");
    });
    const { content } = await publishTemplate(overtaken, tenantId, "surrounded");
    expect(htmlOf({ content })).toBe("2 x");
    expect((content as unknown as CompiledContent).layoutVersion).toBe(2);
  });

  it("minds neither another name nor another's publish of the same draft", async () => {
    await make("renamed", saying({ html: "x" }));
    let tries = 0;
    const overtaken = overtakenBy(async (times) => {
      tries = times;
      await change("renamed", { name: `Name ${times}` });
      await publishTemplate(database, tenantId, "renamed");
    });
    expect(await publishTemplate(overtaken, tenantId, "renamed")).toMatchObject({ version: 2 });
    expect(tries).toBe(1);
  });

  it("gives up a draft that changes again and again, and publishes nothing", async () => {
    await make("restless", saying({ html: "0" }));
    let tries = 0;
    const overtaken = overtakenBy((times) => {
      tries = times;
      return change("restless", { draft: saying({ html: `${times}` }) });
    });
    expect(await faultsOf(publishTemplate(overtaken, tenantId, "restless"))).toEqual(["conflict"]);
    expect(tries).toBe(3);
    expect(await database.templateVersion.count({ where: { tenantId, template: { key: "restless" } } })).toBe(0);
  });
});
