import { accept } from "./accept";
import type { Bench } from "./bench";
import { e2e } from "./e2e";
import { fairness } from "./fairness";
import { growth } from "./growth";
import { latency } from "./latency";
import { overload } from "./overload";
import { receipts } from "./receipts";
import { webhooks } from "./webhooks";

/** Every benchmark, in the order in which `all` runs them. */
export const benches: readonly Bench[] = [accept, latency, e2e, fairness, webhooks, receipts, overload, growth];
