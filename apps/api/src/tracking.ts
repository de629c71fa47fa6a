import type { ReceiptDoor } from "@tidings/core/receipts/receipt-door";
import type { Tracked } from "@tidings/core/receipts/tracking-links";
import { Refusal } from "@tidings/shared/refusals";
import type { Express, Request } from "express";

/** A transparent GIF of one pixel. */
const pixel = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/**
 * Serves the pictures and links in emails of tenants that want to know of opens and clicks: `/t/o/{token}.gif`, and
 * `/t/c/{token}`, which leads on to where the signed token says, and nowhere else.
 */
export function serveTracking(app: Express, door: ReceiptDoor): void {
  function take(request: Request): Tracked {
    const tracked = door.readTracked(String(request.params.token));
    if (!tracked) throw new Refusal("not_found", "There is no such link.");
    if (request.method === "GET") door.takeTracked(tracked); // mail programs look at links with HEAD
    return tracked;
  }

  app.get("/t/o/:token.gif", (request, response) => {
    take(request);
    response.set("Cache-Control", "no-store").type("gif").send(pixel);
  });
  app.get("/t/c/:token", (request, response) => {
    const { url } = take(request);
    if (url === null) throw new Refusal("not_found", "There is no such link.");
    response.set({ "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" }).redirect(302, new URL(url).href);
  });
}
