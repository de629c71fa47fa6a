import { Status } from "../../../ui/status";
import type { Report } from "./endpoint-words";

/** What became of a report: pending ones wait for their first attempt, or for the next. */
export function ReportStatus({ status, attemptCount }: Pick<Report, "status" | "attemptCount">) {
  if (status === "PENDING") return <Status value={attemptCount > 0 ? "retrying" : "waiting"} />;
  return <Status value={status} />;
}
