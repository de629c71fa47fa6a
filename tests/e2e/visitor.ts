import { type Browser, type BrowserContext, chromium, expect as expectAtOnce, type Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import type { ConsoleConnection } from "../setup/console";
import { testConsole } from "../setup/test-services";

/** How long a person would wait for something to appear, in ms; the machine of CI is slower than theirs. */
const patienceMs = 20_000;

/** Expects what a person would see, as soon as they would have given up waiting for it. */
export const expect = expectAtOnce.configure({ timeout: patienceMs });

/** Debian's; Playwright's own is not downloaded. */
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Somebody with an account. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  email: string;
  password: string;
  /** The tenant they founded. */
  slug: string;
}

/** What a suite works with: a browser of its own, and the console that all suites share. */
export interface Visits {
  at: ConsoleConnection;
  /** A page of nobody's, in a browser that knows nothing. */
  open(options?: Parameters<Browser["newContext"]>[0]): Promise<Page>;
  /** Somebody who has just signed up, on their tenant's overview, in test mode. */
  signUp(name?: string): Promise<Visitor>;
  /** Follows the newest link in the mails to an address that leads to a path of the console. */
  linkInMail(to: string, path: string): Promise<string>;
}

/** Opens a browser for a suite; its pages are closed after each test. */
export function useVisits(): Visits {
  const visits = {} as Visits;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    visits.at = await testConsole();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  }, 300_000);
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(() => browser?.close());

  visits.open = async (options) => {
    const context = await browser.newContext({ baseURL: visits.at.consoleUrl, ...options });
    context.setDefaultTimeout(patienceMs);
    contexts.push(context);
    return context.newPage();
  };
  visits.signUp = async (name = "Nia Okafor") => {
    const page = await visits.open();
    const email = `nia-${crypto.randomUUID()}@example.com`;
    const password = "six calm words are long enough";
    const tenant = `Shop ${crypto.randomUUID().slice(0, 8)}`;
    await page.goto("/sign-up");
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByLabel("Company, product or team").fill(tenant);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { name: tenant })).toBeVisible();
    const slug = new URL(page.url()).pathname.slice(1);
    return { page, context: page.context(), email, password, slug };
  };
  visits.linkInMail = async (to, path) => {
    const find = () => findLink(visits.at.mailboxUrl, to, path);
    await vi.waitUntil(find, { timeout: patienceMs, interval: 200 });
    return String(await find());
  };
  return visits;
}

/** The newest mail to an address that has such a link. */
async function findLink(mailboxUrl: string, to: string, path: string): Promise<string | null> {
  const { data } = await json<{ data: { id: string; to: string[] }[] }>(`${mailboxUrl}/api/messages`);
  for (const { id } of data.filter((mail) => mail.to.includes(to))) {
    const { text } = await json<{ text: string | null }>(`${mailboxUrl}/api/messages/${id}`);
    const link = text?.match(/https?:\/\/\S+/g)?.find((one) => one.includes(path));
    if (link) return link;
  }
  return null;
}

async function json<Answer>(url: string): Promise<Answer> {
  return (await (await fetch(url)).json()) as Answer;
}
