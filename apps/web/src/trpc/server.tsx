import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { cache, type ReactNode } from "react";
import { appRouter } from "../server/app-router";
import { createContext } from "../server/context";
import { makeQueryClient } from "./query-client";

/** The query cache of the request being rendered. */
export const getQueryClient = cache(makeQueryClient);

/** The routers as server components call them: without HTTP. */
export const trpc = createTRPCOptionsProxy({ ctx: createContext, router: appRouter, queryClient: getQueryClient });

/** Hands what was prefetched to the client components inside; queries still running are streamed as they settle. */
export function HydrateClient({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}
