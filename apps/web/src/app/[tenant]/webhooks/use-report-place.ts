"use client";

import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

const statuses = ["PENDING", "DELIVERED", "FAILED"] as const;

/** The filters of an endpoint's reports and the one that is open, as they stand in the address. */
export function useReportPlace() {
  return useQueryStates(
    {
      status: parseAsStringLiteral(statuses),
      type: parseAsString,
      report: parseAsString,
      tab: parseAsString.withDefault("reports"),
    },
    { history: "push" },
  );
}
