import { readCounters, type Sample } from "./read-counters";
import type { ProcessUrls } from "./read-system-status";

/** What a process put right since it began. */
export interface Mended {
  process: keyof ProcessUrls;
  /** When it began; null when it does not answer. */
  since: string | null;
  /** Notifications, deliveries and reports that a sweep put back on their way, by why. */
  swept: Record<string, number>;
  /** Attempts that another account took over at once. */
  failedOver: number;
}

const names = ["tidings_swept_total", "tidings_failed_over_total", "process_start_time_seconds"];
const timeoutMs = 2_500;

/** Asks the processes that mend: a consumer, which sweeps, and a worker. Of several alike, one answers. */
export function readMended(urls: ProcessUrls): Promise<Mended[]> {
  const asked = (["consumer", "worker", "urgentWorker"] as const).filter((id) => urls[id] !== undefined);
  return Promise.all(
    asked.map(async (process) => mendedOf(process, await readCounters(urls[process] ?? "", names, timeoutMs))),
  );
}

function mendedOf(process: keyof ProcessUrls, samples: readonly Sample[] | null): Mended {
  const of = (name: string) => samples?.filter((sample) => sample.name === name) ?? [];
  const [started] = of("process_start_time_seconds");
  const swept: Record<string, number> = {};
  for (const { labels, value } of of("tidings_swept_total")) if (value > 0) swept[labels.reason ?? ""] = value;
  return {
    process,
    since: started ? new Date(started.value * 1_000).toISOString() : null,
    swept,
    failedOver: of("tidings_failed_over_total").reduce((sum, { value }) => sum + value, 0),
  };
}
