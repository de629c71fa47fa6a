import type { Fault } from "./fault";
import { clockFaults } from "./faults/clocks";
import { eventLogFaults } from "./faults/event-log";
import { failoverFaults } from "./faults/failover";
import { idempotencyFaults } from "./faults/idempotency";
import { killedProcesses } from "./faults/killed-processes";
import { postgresFaults } from "./faults/postgres";
import { providerFaults } from "./faults/providers";
import { redisFaults } from "./faults/redis";
import { reportFaults } from "./faults/reports";
import { restarts } from "./faults/restarts";

/** Every fault, in the order `all` plays them. A new one goes into its family, a new family into this line. */
export const faults: readonly Fault[] = [
  ...killedProcesses,
  ...idempotencyFaults,
  ...redisFaults,
  ...eventLogFaults,
  ...postgresFaults,
  ...clockFaults,
  ...providerFaults,
  ...failoverFaults,
  ...reportFaults,
  ...restarts,
];
