"use client";

import { QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import superjson from "superjson";
import type { AppRouter } from "../server/app-router";
import { makeQueryClient } from "./query-client";

const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

/** Queries, mutations and subscriptions of the console's server, for client components. */
export { useTRPC, useTRPCClient };

const url = "/api/trpc";
/** For the `context` of a query whose input is too long for an address: `{ trpc: { context: { [longInput]: true } } }`. */
export const longInput = "longInput";

/** Gives client components their query cache and their way to the server; what is live comes as server-sent events. */
export function TrpcReactProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: ({ type }) => type === "subscription",
          true: httpSubscriptionLink({ url, transformer: superjson }),
          false: splitLink({
            condition: ({ context }) => context[longInput] === true,
            true: httpLink({ url, transformer: superjson, methodOverride: "POST" }),
            false: httpBatchLink({ url, transformer: superjson, maxURLLength: 4_000 }),
          }),
        }),
      ],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
