import { getChecklist } from "@tidings/core/overview/get-checklist";
import { getOverview, type OverviewRange, overviewRanges } from "@tidings/core/overview/get-overview";
import { z } from "zod";
import { router, tenantProcedure } from "../trpc";

const ranges = Object.keys(overviewRanges) as [OverviewRange, ...OverviewRange[]];

/** Whether everything is all right, and what to do first. */
export const overviewRouter = router({
  get: tenantProcedure("messages.read")
    .input(z.object({ range: z.enum(ranges) }))
    .query(({ ctx: { house, owner }, input }) => getOverview(house.database, owner, input.range)),

  checklist: tenantProcedure("messages.read").query(({ ctx: { house, owner } }) => getChecklist(house.database, owner)),
});
