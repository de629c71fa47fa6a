/**
 * One notification, from door to door. Read the six stages in this order:
 *
 *   1. accept   the request is written durably; the caller has its 202
 *   2. publish  the event log carries its id to the consumers
 *   3. route    it becomes deliveries, one per channel and address
 *   4. enqueue  deliveries wait their fair turn and are admitted to the workers
 *   5. deliver  a worker claims one, renders it and hands it to a provider
 *   6. report   the outcome is recorded, counted and rolled up
 *
 * `sweep` stands beside them and brings forward what a crash or an outage left behind.
 *
 * The stage is called report; so is what an endpoint of a tenant is told (`../reports`). The first writes the second.
 */
export { createAccept } from "./accept";
export { createDeliver } from "./deliver";
export { createEnqueue } from "./enqueue";
export { createPublish } from "./publish";
export { createReport } from "./report";
export { createRoute } from "./route";
export { createSweep } from "./sweep";
