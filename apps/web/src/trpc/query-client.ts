import { defaultShouldDehydrateQuery, isServer, QueryClient } from "@tanstack/react-query";
import superjson from "superjson";
import { isPassing } from "../ui/failure";

/** A cache of answers: one per request on the server, one per tab in the browser. Queries still running travel too. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000, // or the browser would ask again for what the server has just sent
        retry: (tries, error) => !isServer && isPassing(error) && tries < 3,
      },
      dehydrate: {
        serializeData: superjson.serialize,
        shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === "pending",
      },
      hydrate: { deserializeData: superjson.deserialize },
    },
  });
}
