import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { repository } from "../../scripts/packages.mjs";
import { createSmtpFake } from "../fakes/smtp-fake";
import { expect, type Visitor, type Visits } from "./visitor";

/** What is written wherever somebody from outside can write. */
export interface Words {
  /** A person, a tenant, an account: at most 100 characters. */
  name: string;
  /** What templates, recipients and endpoints may say at length. */
  text: string;
  /** What a mail server says when it refuses: one line. */
  refusal: string;
}

/** A tenant with one of everything, each with the words given, and somebody who may see all of it. */
export interface Furnished {
  visitor: Visitor;
  /** Where each page stands, by its folder below `app`; several where there is more to see on one. */
  places: Readonly<Record<string, readonly string[]>>;
}

/** Signs up, sends a message that is refused, and has an endpoint told of it. Live mode. */
export async function furnish(visits: Visits, words: Words): Promise<Furnished> {
  const visitor = await visits.signUp({ name: words.name, tenant: words.name });
  const { page, slug } = visitor;
  await visits.goLive(visitor);
  await visits.makeOperator(visitor);
  const place = { tenant: slug, mode: "live" };
  const make = <Made = { id: string }>(what: string, input: object) =>
    visits.call<Made>(page, `${what}.create`, { ...place, ...input });
  const [mails, hooks] = await Promise.all([createSmtpFake(), answering(words.text)]);
  try {
    mails.script.next(Number.POSITIVE_INFINITY, { at: "recipient", reply: [550, words.refusal] });
    const account = await make("providers", {
      ...{ provider: "smtp", name: words.name, order: 0 },
      config: { host: "127.0.0.1", port: mails.port, from: "shop@example.com" },
    });
    const url = `http://localhost:${(hooks.address() as AddressInfo).port}/`;
    const endpoint = await make("webhooks", { url, description: words.text.slice(0, 400), events: ["*"] });
    const email = { subject: `{{ words }} ${words.name}`, html: `<p>${words.text}</p><p>{{ words }}</p>` };
    const draft = { defaultLocale: "en", locales: { en: { email, sms: { text: words.text.slice(0, 500) } } } };
    await make("templates", { key: "greeting", name: words.name, draft });
    await visits.call(page, "templates.publish", { ...place, key: "greeting" });
    await make("recipients", { id: "usr_1", email: "ann@example.com", data: { name: words.name, words: words.text } });
    await make("suppressions", { channel: "email", address: "bo@example.com", reason: "manual", detail: words.name });
    await make("keys", { name: words.name, scopes: ["send"], expiresAt: null });

    const headers = { "content-type": "application/json", "x-api-key": await visits.keyOf(visitor, "live") };
    const body = { template: "greeting", channel: "email", recipient: { id: "usr_1" }, data: { words: words.text } };
    const api = `${visits.at.apiUrl}/v1/notifications`;
    const answer = await fetch(api, { method: "POST", headers, body: JSON.stringify(body) });
    const { id } = (await answer.json()) as { id: string };
    expect([answer.status, id]).toEqual([202, expect.stringMatching(/^ntf_/)]);
    const reports = async () =>
      (
        await visits.call<{ data: { id: string; type: string; status: string }[] }>(page, "webhooks.reports", {
          ...{ ...place, id: endpoint.id, filters: {} },
        })
      ).data;
    await expect.poll(async () => (await reports()).some(({ status }) => status === "DELIVERED")).toBe(true);
    const [report] = await reports();

    const at = (path: string) => [`/${slug}${path}`];
    return {
      visitor,
      places: {
        ...{ "": ["/"], "sign-up": ["/sign-up"], "sign-in": ["/sign-in"], reset: ["/reset", "/reset?token=none"] },
        ...{ verify: ["/verify"], new: ["/new"], "invite/[token]": ["/invite/none"], start: [], account: ["/account"] },
        ...{ operator: ["/operator"], "operator/dead-letters": ["/operator/dead-letters"] },
        ...{
          "operator/tenants": [`/operator/tenants?q=${slug}`],
          "operator/tenants/[slug]": [`/operator/tenants/${slug}`],
        },
        "[tenant]": at(""),
        "[tenant]/messages": at("/messages"),
        "[tenant]/messages/[id]": at(`/messages/${id}`),
        "[tenant]/templates": at("/templates"),
        "[tenant]/templates/[key]": [...at("/templates/greeting"), ...at("/templates/greeting?view=versions")],
        "[tenant]/recipients": at("/recipients"),
        "[tenant]/recipients/[id]": at("/recipients/usr_1"),
        "[tenant]/providers": [...at("/providers"), ...at("/providers?add=smtp")],
        "[tenant]/providers/[id]": at(`/providers/${account.id}`),
        "[tenant]/webhooks": at("/webhooks"),
        "[tenant]/webhooks/[id]": [
          ...at(`/webhooks/${endpoint.id}`),
          ...at(`/webhooks/${endpoint.id}?report=${report?.id}`),
        ],
        "[tenant]/suppressions": at("/suppressions"),
        "[tenant]/keys": at("/keys"),
        "[tenant]/usage": at("/usage"),
        "[tenant]/billing": at("/billing"),
        "[tenant]/settings": at("/settings"),
        ...Object.fromEntries(
          ["audit", "categories", "danger", "limits", "retention", "security", "team"].map((name) => [
            `[tenant]/settings/${name}`,
            at(`/settings/${name}`),
          ]),
        ),
      },
    };
  } finally {
    hooks.close();
    await mails.close();
  }
}

/** Every page there is, as its folder below `app`, groups left out. */
export function everyPage(): string[] {
  const files = readdirSync(join(repository, "apps/web/src/app"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) =>
      file
        .split("/")
        .slice(0, -1)
        .filter((folder) => !folder.startsWith("("))
        .join("/"),
    )
    .sort();
}

/** Goes to a page, and waits until everything on it is there. */
export async function settle(page: Visitor["page"], path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator("h1").first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

/** A server that answers everything with a text. */
async function answering(text: string): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().once("end", () => response.writeHead(200, { "content-type": "text/html" }).end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
