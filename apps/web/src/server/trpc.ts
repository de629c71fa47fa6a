import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import type { Context } from "./context";

const t = initTRPC.context<Context>().create({
  transformer: superjson,
  errorFormatter: ({ shape, error }) =>
    error.code === "INTERNAL_SERVER_ERROR" ? { ...shape, message: "Something went wrong on our side" } : shape,
});

export const router = t.router;
/** For anyone who can open the console, signed in or not. */
export const publicProcedure = t.procedure;
