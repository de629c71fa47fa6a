import type { Database } from "@tidings/db/client";
import type { Owner } from "../owner";
import { type EndpointMeasure, type MeasuredSpan, measureEndpoints } from "./measure-endpoints";

/** How reports to an endpoint fared in an hour. */
export type EndpointHour = Omit<EndpointMeasure, "endpointId" | "span"> & {
  /** When it began. */
  at: Date;
};

const hourMs = 3_600_000;
const hours = 24;
/** Reports read of each hour: some milliseconds of work in all. */
const mostOfHour = 500;

/**
 * How reports to an endpoint fared in each of the last 24 hours, the present one among them, the oldest first.
 * @param endpointId UUID; that of another tenant has no reports here
 */
export async function measureHours(database: Database, owner: Owner, endpointId: string): Promise<EndpointHour[]> {
  const endMs = Math.ceil(Date.now() / hourMs) * hourMs;
  const starts = Array.from({ length: hours }, (_, index) => endMs - (hours - index) * hourMs);
  const spans = starts.map((fromMs): MeasuredSpan => [fromMs, fromMs + hourMs]);
  const measures = await measureEndpoints(database, owner, [endpointId], spans, mostOfHour);
  return measures.map(({ span, delivered, failed, retrying, waiting, isSampled }) => ({
    at: new Date(starts[span] as number),
    ...{ delivered, failed, retrying, waiting, isSampled },
  }));
}
