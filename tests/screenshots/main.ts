/**
 * Every page of a running console as a picture, both themes, both widths: `npm run screenshots`.
 * It signs in with the login of `npm start` and shows the tenant that `npm run seed` made, else the demo tenant.
 */
import { mkdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type BrowserContext, chromium, expect, type Page } from "@playwright/test";
import { repository } from "../../scripts/packages.mjs";
import { giveUp, say } from "../../scripts/say.mjs";
import type { Connection } from "../../scripts/stack.mjs";
import { chosen, tenantPages, wholePages } from "./pages";

const { values } = parseArgs({
  options: {
    dir: { type: "string", default: ".tidings" },
    out: { type: "string", default: "docs/screenshots" },
    /** Only what the documentation shows. */
    chosen: { type: "boolean", default: false },
  },
});
const widths = [1440, 390];
const themes = ["light", "dark"] as const;

try {
  const file = resolve(repository, values.dir, "connection.json");
  const connection = JSON.parse(
    await readFile(file, "utf8").catch(() => {
      throw new Error(`Nothing runs in ${values.dir}: start it with npm start, then npm run seed.`);
    }),
  ) as Connection;
  const out = resolve(repository, values.out);
  await mkdir(out, { recursive: true });
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const state = await signIn(await browser.newContext({ baseURL: connection.consoleUrl }), connection);
  for (const width of widths) {
    for (const colorScheme of themes) {
      const viewport = { width, height: width === 390 ? 844 : 900 };
      const common = { baseURL: connection.consoleUrl, viewport, colorScheme };
      const inside = await (await browser.newContext({ ...common, storageState: state })).newPage();
      const outside = await (await browser.newContext(common)).newPage();
      const slug = await tenantToShow(inside);
      for (const { name, path, isSignedIn } of [...wholePages, ...(await tenantPages(inside, slug))]) {
        const picture = `${name}-${colorScheme}-${width}.png`;
        if (values.chosen && !chosen.has(picture)) continue;
        await shoot(isSignedIn ? inside : outside, path, resolve(out, picture));
        say(picture);
      }
      await inside.context().close();
      await outside.context().close();
    }
  }
  await browser.close();
} catch (error) {
  giveUp(error);
}

async function signIn(context: BrowserContext, { consoleUrl, login }: Connection) {
  const data = { email: login.email, password: login.password };
  const answer = await context.request.post("/api/auth/sign-in/email", { data, headers: { origin: consoleUrl } });
  if (!answer.ok()) throw new Error(`The console does not let ${login.email} in: ${await answer.text()}`);
  await context.addCookies([{ name: "tidings-mode", value: "live", url: consoleUrl }]);
  return context.storageState();
}

/** The seeded tenant when there is one. */
async function tenantToShow(page: Page): Promise<string> {
  const answer = await page.request.get("/acme-commerce");
  return answer.ok() ? "acme-commerce" : "demo";
}

async function shoot(page: Page, path: string, picture: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator("[data-skeleton]"))
    .toHaveCount(0, { timeout: 10_000 })
    .catch(() => say(`  ${path} still loads after 10 s`));
  await page.waitForLoadState("load");
  await page.screenshot({ path: picture, animations: "disabled" });
}
