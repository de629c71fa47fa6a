import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, expect as expectAtOnce, type Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { repository } from "../../scripts/packages.mjs";
import { mustRun } from "../../scripts/services/command.mjs";
import type { ConsoleConnection } from "../setup/console";
import { testConsole } from "../setup/test-services";

/** How long a person would wait for something to appear, in ms; the machine of CI is slower than theirs. */
const patienceMs = 20_000;

/** Expects what a person would see, as soon as they would have given up waiting for it. */
export const expect = expectAtOnce.configure({ timeout: patienceMs });

/** How long a whole flow may take, in ms. */
const flowMs = 120_000;

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
  signUp(as?: { name?: string; tenant?: string }): Promise<Visitor>;
  /** Signs in; the page is on its way to where that leads. */
  signIn(page: Page, email: string, password: string): Promise<void>;
  /** Calls a procedure of the console as whoever is signed in: for what a test needs, and is not about. */
  call<Answer>(page: Page, procedure: string, input: Record<string, unknown>): Promise<Answer>;
  /** Makes a key that may do everything. @returns the key */
  keyOf(visitor: Visitor, mode?: "test" | "live"): Promise<string>;
  /** Marks a visitor as an operator, as the command line does. */
  makeOperator(visitor: Visitor): Promise<void>;
  /** Confirms a visitor's address by the mail they got, and turns their browser to live mode. */
  goLive(visitor: Visitor): Promise<void>;
  /** The link in the mails to an address that leads to a path of the console, once there is one. */
  linkInMail(to: string, path: string): Promise<string>;
  /** The newest mail to an address that says something, once there is one. */
  mail(to: string, says: string): Promise<Mail>;
}

/** A mail as the mailbox shows it. */
export interface Mail {
  title: string;
  text: string | null;
  html: string | null;
}

/** Opens a browser for a suite; its pages are closed after each test, unless several look at them. */
export function useVisits({ keepPages = false } = {}): Visits {
  const visits = {} as Visits;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  vi.setConfig({ testTimeout: flowMs });
  beforeAll(async () => {
    if (!existsSync(executablePath))
      throw new Error(
        `The end-to-end tests need Chromium, and ${executablePath} is not there: apt-get install -y chromium, or name another in CHROMIUM.`,
      );
    visits.at = await testConsole();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  }, 300_000);
  afterEach(async ({ task }) => {
    const seen = task.result?.state === "fail" ? await whatIsSeen(contexts) : null;
    if (!keepPages) for (const context of contexts.splice(0)) await context.close();
    if (seen) throw new Error(seen); // beside the failure itself, where it is looked for
  });
  afterAll(() => browser?.close());

  visits.open = async (options) => {
    const { extraHTTPHeaders, ...others } = options ?? {};
    const context = await browser.newContext({
      baseURL: visits.at.consoleUrl,
      reducedMotion: "reduce",
      extraHTTPHeaders: { "x-forwarded-for": addressOfOwn(), ...extraHTTPHeaders },
      ...others,
    });
    context.setDefaultTimeout(patienceMs);
    contexts.push(context);
    return context.newPage();
  };
  visits.signUp = async ({ name = "Nia Okafor", tenant = `Shop ${crypto.randomUUID().slice(0, 8)}` } = {}) => {
    const page = await visits.open();
    const email = `nia-${crypto.randomUUID()}@example.com`;
    const password = "six calm words are long enough";
    await page.goto("/sign-up");
    await page.getByLabel("Your name").fill(name);
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByLabel("Company, product or team").fill(tenant);
    // The page is at work, and not only there, once it asks to be told of messages.
    const atWork = page.waitForRequest(/\/api\/trpc\/messages\.live/);
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { name: "First steps" })).toBeVisible();
    await atWork;
    const slug = new URL(page.url()).pathname.slice(1);
    return { page, context: page.context(), email, password, slug };
  };
  visits.signIn = async (page, email, password) => {
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  visits.call = async <Answer>(page: Page, procedure: string, input: Record<string, unknown>) => {
    const response = await page.request.post(`/api/trpc/${procedure}`, { data: { json: input } });
    if (!response.ok()) throw new Error(`${procedure} answered ${response.status()}: ${await response.text()}`);
    const { result } = (await response.json()) as { result: { data: { json: Answer } } };
    return result.data.json;
  };
  visits.keyOf = async ({ page, slug }, mode = "test") => {
    const wish = { tenant: slug, mode, name: "Backend", scopes: ["send", "read", "manage"], expiresAt: null };
    return (await visits.call<{ key: string }>(page, "keys.create", wish)).key;
  };
  visits.makeOperator = async ({ email }) => {
    const command = [join(repository, "apps/operator/dist/main.mjs"), "operators", "add", email];
    await mustRun(process.execPath, command, { env: { ...process.env, DATABASE_URL: visits.at.databaseUrl } });
  };
  visits.goLive = async ({ page, context, email, slug }) => {
    await page.goto(await visits.linkInMail(email, "/verify-email"));
    await expect(page.getByRole("heading", { name: "Your address is confirmed" })).toBeVisible();
    await context.addCookies([{ name: "tidings-mode", value: "live", url: visits.at.consoleUrl }]);
    await page.goto(`/${slug}`);
  };
  visits.mail = (to, says) =>
    soon(async () => {
      for await (const mail of mailsTo(visits.at.mailboxUrl, to))
        if ([mail.title, mail.text, mail.html].some((part) => part?.includes(says))) return mail;
      return null;
    });
  visits.linkInMail = (to, path) =>
    soon(async () => {
      for await (const { text } of mailsTo(visits.at.mailboxUrl, to)) {
        const link = text?.match(/https?:\/\/\S+/g)?.find((one) => one.includes(path));
        if (link) return link;
      }
      return null;
    });
  return visits;
}

/** Each browser comes from elsewhere: what slows down one address must not slow down the tests. */
const addressOfOwn = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

/** What is found, once it is there. */
async function soon<Found>(find: () => Promise<Found | null>): Promise<Found> {
  const inBox = async () => {
    const found = await find();
    return found !== null && { found };
  };
  return (await vi.waitUntil(inBox, { timeout: patienceMs, interval: 200 })).found;
}

/** The mails to an address, the newest first. */
async function* mailsTo(mailboxUrl: string, to: string): AsyncGenerator<Mail> {
  const { data } = await json<{ data: { id: string; to: string[] }[] }>(`${mailboxUrl}/api/messages`);
  for (const { id } of data.filter((mail) => mail.to.includes(to)))
    yield await json<Mail>(`${mailboxUrl}/api/messages/${id}`);
}

/** Of a test that failed: what stood on its pages at last. */
async function whatIsSeen(contexts: readonly BrowserContext[]): Promise<string> {
  const pages = contexts.flatMap((context) => context.pages());
  const seen = pages.map(async (page) => {
    const words = await page.locator("body").ariaSnapshot({ timeout: 5_000 }).catch(String);
    return `${page.url()} showed:\n${words}`;
  });
  return (await Promise.all(seen)).join("\n");
}

async function json<Answer>(url: string): Promise<Answer> {
  return (await (await fetch(url)).json()) as Answer;
}
