import type { UnsubscribeDoor } from "@tidings/core/suppressions/unsubscribe-door";
import type { UnsubscribeTarget } from "@tidings/core/suppressions/unsubscribe-link";
import { Refusal } from "@tidings/shared/refusals";
import express, { type Express, type RequestHandler, type Response } from "express";
import { brokenLinkPage, contentSecurityPolicy, unsubscribePage } from "./unsubscribe-page";

const path = "/u/:token";
/** Far more than a mail program or our own form posts. */
const maxBodyBytes = 16_384;

/**
 * Serves `/u/{token}`, where the links to unsubscribe lead. GET shows a page and changes nothing, as scanners follow links;
 * POST unsubscribes at once, whoever sends it (RFC 8058), or takes it back when our own page asks for that.
 */
export function serveUnsubscribe(app: Express, door: UnsubscribeDoor): void {
  const admit: RequestHandler = (request, response, next) => {
    response.set({
      ...{ "Content-Security-Policy": contentSecurityPolicy, "X-Content-Type-Options": "nosniff" },
      ...{ "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex" },
    });
    const target = door.read(String(request.params.token));
    if (!target) {
      response.status(404).type("html").send(brokenLinkPage());
      return;
    }
    response.locals.target = target;
    next();
  };

  async function show(response: Response): Promise<void> {
    const target = response.locals.target as UnsubscribeTarget;
    const standing = await door.standing(target);
    if (standing) response.type("html").send(unsubscribePage(target, standing));
    else response.status(404).type("html").send(brokenLinkPage());
  }

  // The body of a mail program's one click may be multipart too: what is not read here asks for the same.
  const readForm = express.urlencoded({ extended: false, limit: maxBodyBytes });
  app
    .route(path)
    .get(admit, (_request, response) => show(response))
    .post(admit, readForm, async (request, response) => {
      const target = response.locals.target as UnsubscribeTarget;
      const isUndo = (request.body as { action?: unknown } | undefined)?.action === "resubscribe";
      // Nothing is kept of a tenant that is no more.
      if (await door.standing(target)) await (isUndo ? door.resubscribe(target) : door.unsubscribe(target));
      await show(response);
    })
    .all((_request, response) => {
      response.setHeader("Allow", "GET, POST");
      throw new Refusal("method_not_allowed", "This route takes GET, POST.");
    });
}
