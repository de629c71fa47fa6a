import type { ReceiptAccount } from "@tidings/core/receipts/find-receipt-account";
import type { ReceiptDoor } from "@tidings/core/receipts/receipt-door";
import { Refusal } from "@tidings/shared/refusals";
import express, { type Express, type Request, type RequestHandler } from "express";

export interface ReceiptRouteDeps {
  receipts: ReceiptDoor;
  /** As the internet sees the API; some providers sign the URL they call. Null: what the request says of itself. */
  publicUrl: string | null;
}

const path = "/receipts/:provider/:accountToken";
/** Largest body: more than any provider sends at once. */
const maxBodyBytes = 5 * 1024 * 1024;

/** Serves `/receipts/{provider}/{accountToken}`, where providers tell what became of messages. */
export function serveReceipts(app: Express, { receipts, publicUrl }: ReceiptRouteDeps): void {
  const admit: RequestHandler = async (request, response, next) => {
    const { provider, accountToken } = request.params as { provider: string; accountToken: string };
    response.locals.account = await receipts.admit(provider, accountToken, request.ip ?? "");
    next();
  };
  const readBody = express.raw({ type: () => true, limit: maxBodyBytes });
  const take: RequestHandler = async (request, response) => {
    const account = response.locals.account as ReceiptAccount;
    const answer = await receipts.take(account, callOf(request, publicUrl), request.ip ?? "");
    response.type("text").send(answer ?? "");
  };

  app.route(path).get(admit, readBody, take).post(admit, readBody, take);
  app.all(path, (_request, response) => {
    response.setHeader("Allow", "GET, POST");
    throw new Refusal("method_not_allowed", "This route takes GET, POST.");
  });
}

/** The call as the provider made it. */
function callOf(request: Request, publicUrl: string | null) {
  const { method, originalUrl, protocol, host, headers, body } = request;
  const joined = Object.entries(headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  return {
    method,
    url: (publicUrl ?? `${protocol}://${host}`) + originalUrl,
    headers: Object.fromEntries(joined) as Record<string, string | undefined>,
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  };
}
