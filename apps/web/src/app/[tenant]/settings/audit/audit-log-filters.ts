import { createLoader, parseAsArrayOf, parseAsString } from "nuqs/server";
import { dateRangeOf } from "../../../../ui/date-range";

/** What of the audit log's list stands in the address. */
export const auditLogFilters = {
  actor: parseAsString,
  actions: parseAsArrayOf(parseAsString).withDefault([]),
  time: parseAsString,
  q: parseAsString.withDefault(""),
};

/** The same, for the server. */
export const loadAuditLogFilters = createLoader(auditLogFilters);

interface Chosen {
  actor: string | null;
  actions: string[];
  time: string | null;
  q: string;
}

/** The filters as the server takes them. Days are cut to the minute, so that the same question is the same a moment later. */
export function auditQuery({ actor, actions, time, q }: Chosen, now = new Date()) {
  const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const range = time === null ? null : dateRangeOf(time, minute);
  return {
    ...(actor && { actor }),
    ...(actions.length > 0 && { actions }),
    ...(range?.from && { from: range.from }),
    ...(range?.to && { to: range.to }),
    ...(q.trim() && { q: q.trim() }),
  };
}
