import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { appRouter } from "../../../../server/app-router";
import { createContext } from "../../../../server/context";

function handle(req: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req,
    router: appRouter,
    createContext,
    onError: ({ error, path, ctx }) => {
      if (error.code === "INTERNAL_SERVER_ERROR")
        ctx?.log.error({ err: error.cause ?? error, path }, "procedure failed");
    },
  });
}

export { handle as GET, handle as POST };
