import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../server/app-router";

/** What each procedure answers, by router and name: `Answers["keys"]["list"]`. */
export type Answers = inferRouterOutputs<AppRouter>;

/** What each procedure takes. */
export type Inputs = inferRouterInputs<AppRouter>;
