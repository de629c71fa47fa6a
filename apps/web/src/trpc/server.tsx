import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache, type ReactNode } from "react";
import { appRouter, createCaller } from "../server/app-router";
import { createContext } from "../server/context";
import { makeQueryClient } from "./query-client";

/** The query cache of the request being rendered. */
export const getQueryClient = cache(makeQueryClient);

const requestHeaders = cache(async () => new Headers(await headers()));
const requestContext = async () => createContext(await requestHeaders());

/** The routers as server components prefetch them: without HTTP. */
export const trpc = createTRPCOptionsProxy({ ctx: requestContext, router: appRouter, queryClient: getQueryClient });

/** The routers as server components call them for themselves. */
export const caller = cache(async () => createCaller(await requestContext()));

/** Hands what was prefetched to the client components inside; queries still running are streamed as they settle. */
export function HydrateClient({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}
