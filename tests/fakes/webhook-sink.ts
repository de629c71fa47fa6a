import { type FakeOptions, type HttpFake, type HttpProtocol, httpProtocol, listenHttp, meet } from "./http-fake";

/** A POST that a receiver of webhooks accepted. */
export interface SunkWebhook {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A receiver of webhooks: accepts every POST, counts by `webhook-id`. */
export function webhookSinkProtocol(onMessage?: (message: SunkWebhook) => void): HttpProtocol {
  return httpProtocol(({ script, tally }) => ({ method, path, headers, body }) => {
    if (method !== "POST") return { status: 405, headers: { allow: "POST" }, body: "only POST" };
    return meet(script, () => {
      tally.add(String(headers["webhook-id"] ?? ""));
      const shown = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      onMessage?.({ path, headers: Object.fromEntries(shown), body: body.toString() });
      return { status: 200, body: { received: true } };
    });
  });
}

export function createWebhookSink({ port, onMessage }: FakeOptions<SunkWebhook> = {}): Promise<HttpFake> {
  return listenHttp(webhookSinkProtocol(onMessage), port);
}
