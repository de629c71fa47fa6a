import { createHash, createHmac } from "node:crypto";
import {
  type HttpAnswer,
  type HttpFake,
  type HttpProtocol,
  type HttpRequest,
  httpProtocol,
  listenHttp,
  meet,
} from "./http-fake";
import { StripeRefusal, stripeApi } from "./stripe/stripe-api";
import { newId, openBooks, type StripeBooks, type StripeEvent } from "./stripe/stripe-books";
import { createCycle, type StripeCycle } from "./stripe/stripe-cycle";
import { readForm } from "./stripe/stripe-form";
import type { VendorCall } from "./vendor-call";

export interface StripeFakeOptions {
  /** 0 picks a free one. */
  port?: number;
  secretKey?: string;
  webhookSecret?: string;
  /** Where events are posted, at once as they happen; none until it is known. */
  webhookUrl?: string;
  /** Milliseconds. */
  now?(): number;
}

/** What the fake knows unless it is told otherwise. */
export const stripeKey = "sk_test_fake";
export const stripeWebhookSecret = "whsec_fake";

/** Stripe: its API, its pages, its events, and time, which a test moves on. */
export interface StripeProtocol extends HttpProtocol {
  books: StripeBooks;
  cycle: StripeCycle;
  /** Everything that happened, in its order, with its objects as they were then. */
  events: readonly StripeEvent[];
  /** From now on events are posted there; null: nowhere, as when a test posts them itself. */
  postTo(webhookUrl: string | null): void;
  /** Waits until what was to be posted is. @returns the answers' statuses since the last time */
  posted(): Promise<number[]>;
  /** Takes a checkout's page to its end, as its button does. @param url of the page */
  pay(url: string): void;
  /** What happens to cards that are charged at once. */
  setCard(works: boolean): void;
  /** The next so many calls of a path are done, but their answers are lost on the way. */
  loseAnswers(path: string, times: number): void;
  /** Forgets which meter events it knows, as Stripe may after a day. */
  forgetIdentifiers(): void;
  /** Units it was told of, by a customer and a meter. */
  unitsOf(customer: string, eventName: string): number;
}

export function stripeProtocol(options: StripeFakeOptions = {}): StripeProtocol {
  const { secretKey = stripeKey, webhookSecret = stripeWebhookSecret } = options;
  const nowMs = options.now ?? Date.now;
  const now = () => Math.floor(nowMs() / 1_000);
  const books = openBooks();
  const events: StripeEvent[] = [];
  const identifiers = new Set<string>();
  const answered = new Map<string, { digest: string; answer: HttpAnswer }>();
  const lost = new Map<string, number>();
  let webhookUrl = options.webhookUrl ?? null;
  let base = "";
  let cardWorks = true;
  let posting: Promise<unknown> = Promise.resolve();
  let statuses: number[] = [];

  function tell(type: string, object: unknown): void {
    const event: StripeEvent = {
      id: newId("evt"),
      object: "event",
      type,
      created: now(),
      livemode: false,
      data: { object: structuredClone(object) },
    };
    events.push(event);
    const url = webhookUrl;
    if (url === null) return;
    posting = posting.then(async () => {
      const { method, headers, body } = stripeCall(event, webhookSecret, { url, atMs: nowMs() });
      const status = await fetch(url, { method, headers, body: new Uint8Array(body) }).then(
        (response) => response.status,
        () => 0, // nobody listens
      );
      statuses.push(status);
    });
  }

  const url = () => base;
  const cycle = createCycle(books, { now, tell, url });
  const callApi = stripeApi({ books, cycle, now, url, tell, identifiers, cardWorks: () => cardWorks });

  function pay(pageUrl: string): void {
    const session = books.sessions.get(pageUrl.split("/").at(-1) ?? "");
    if (session?.status !== "open") throw new Error("this checkout is not open");
    const { customer, lines, metadata, anchorDay } = session;
    const subscription = cycle.subscribe(customer, lines, metadata, anchorDay);
    Object.assign(session, { status: "complete", url: null, subscription: subscription.id });
    const { lines: _lines, anchorDay: _anchorDay, ...told } = session;
    tell("checkout.session.completed", told);
  }

  function answerApi({ method, path, query, headers, body }: HttpRequest): HttpAnswer {
    const given = headers.authorization;
    if (given !== `Bearer ${secretKey}`) return new StripeRefusal(401, "Invalid API Key provided.").answer();
    const text = method === "POST" ? body.toString("utf8") : query.toString();
    const key = method === "POST" ? headers["idempotency-key"] : undefined;
    const digest = createHash("sha256").update(`${method} ${path}\n${text}`).digest("hex");
    const earlier = answered.get(String(key));
    if (key && earlier) {
      if (earlier.digest === digest) return { ...earlier.answer, headers: { "idempotent-replayed": "true" } };
      const message =
        "Keys for idempotent requests can only be used with the same parameters they were first used with.";
      return new StripeRefusal(400, message, undefined, "idempotency_error").answer();
    }
    const answer = tryApi(method, path, text);
    if (key) answered.set(String(key), { digest, answer: structuredClone(answer) });
    return answer;
  }

  function tryApi(method: string, path: string, text: string): HttpAnswer {
    try {
      return { status: 200, body: callApi(method, path, readForm(text)) };
    } catch (error) {
      if (error instanceof StripeRefusal) return error.answer();
      throw error;
    }
  }

  const isLost = (path: string) => {
    const times = lost.get(path) ?? 0;
    lost.set(path, times - 1);
    return times > 0;
  };

  const protocol = httpProtocol(({ script }) => (request) => {
    base = `http://${request.headers.host}`;
    const { method, path, query } = request;
    if (!path.startsWith("/v1/")) return answerPage(method, path, query);
    return meet(script, () => {
      const answer = answerApi(request);
      // The client does not ask again: the header tells it not to.
      return isLost(path)
        ? {
            status: 500,
            headers: { "stripe-should-retry": "false" },
            body: { error: { type: "api_error", message: "lost" } },
          }
        : answer;
    });
  });

  function answerPage(method: string, path: string, query: URLSearchParams): HttpAnswer {
    const [, place, , id = ""] = path.split("/");
    const session = place === "c" ? books.sessions.get(id) : undefined;
    if (session?.status === "open" && method === "POST") {
      pay(path);
      return { status: 303, headers: { location: session.success_url } };
    }
    if (session?.status === "open") {
      return page(
        "Subscribe",
        `<form method="post"><button>Subscribe</button></form><a href="${session.cancel_url}">Back</a>`,
      );
    }
    const back = query.get("back");
    if (place === "p" && back?.startsWith("http")) return page("Billing", `<a href="${new URL(back).href}">Return</a>`);
    if (place === "i") return page("Invoice", "<p>An invoice.</p>");
    return { ...page("Nothing here", "<p>This page is over.</p>"), status: 404 };
  }

  return {
    ...protocol,
    books,
    cycle,
    events,
    pay,
    postTo(target) {
      webhookUrl = target;
    },
    async posted() {
      await posting;
      const seen = statuses;
      statuses = [];
      return seen;
    },
    setCard(works) {
      cardWorks = works;
    },
    loseAnswers: (path, times) => void lost.set(path, times),
    forgetIdentifiers: () => identifiers.clear(),
    unitsOf: (customer, eventName) =>
      books.meterEvents
        .filter(({ event_name, payload }) => event_name === eventName && payload.stripe_customer_id === customer)
        .reduce((sum, { payload }) => sum + Number(payload.value), 0),
  };
}

export function createStripeFake(options: StripeFakeOptions = {}): Promise<StripeProtocol & HttpFake> {
  return listenHttp(stripeProtocol(options), options.port);
}

/** An event as Stripe posts it, https://docs.stripe.com/webhooks#verify-manually. */
export function stripeCall(
  event: StripeEvent,
  secret: string,
  { url = "/stripe/webhooks", atMs = Date.now() }: { url?: string; atMs?: number } = {},
): VendorCall {
  const body = Buffer.from(JSON.stringify(event, null, 2));
  const timestamp = Math.floor(atMs / 1_000);
  const signature = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "stripe-signature": `t=${timestamp},v1=${signature}`,
  };
  return { method: "POST", url, headers, body };
}

function page(title: string, content: string): HttpAnswer {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${content}</html>`;
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body: html };
}
