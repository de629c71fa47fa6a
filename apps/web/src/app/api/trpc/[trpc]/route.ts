import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { appRouter } from "../../../../server/app-router";
import { createContext } from "../../../../server/context";
import { isForeign } from "../../../../server/same-origin";

function handle(req: Request): Promise<Response> | Response {
  if (req.method !== "GET" && isForeign(req)) return new Response("Not from this site.", { status: 403 });
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req,
    router: appRouter,
    maxBatchSize: 30, // a page asks for a handful at once
    allowMethodOverride: true, // queries with a long input come by POST
    createContext: () => createContext(req.headers),
  });
}

export { handle as GET, handle as POST };
