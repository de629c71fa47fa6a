import { listCategories } from "@tidings/core/categories/list-categories";
import { createEndpoint } from "@tidings/core/endpoints/create-endpoint";
import { deleteEndpoint } from "@tidings/core/endpoints/delete-endpoint";
import {
  createEndpointBody,
  maxEndpoints,
  rotateSecretBody,
  testEventBody,
  updateEndpointBody,
} from "@tidings/core/endpoints/endpoint-schemas";
import { getEndpoint } from "@tidings/core/endpoints/get-endpoint";
import { getEndpointSecret } from "@tidings/core/endpoints/get-endpoint-secret";
import { listEndpoints } from "@tidings/core/endpoints/list-endpoints";
import { presentEndpoint } from "@tidings/core/endpoints/present-endpoint";
import { rotateEndpointSecret } from "@tidings/core/endpoints/rotate-endpoint-secret";
import { sendTestEvent } from "@tidings/core/endpoints/send-test-event";
import { updateEndpoint } from "@tidings/core/endpoints/update-endpoint";
import { presentPage, readPage } from "@tidings/core/page";
import { getReport } from "@tidings/core/reports/get-report";
import { listReports } from "@tidings/core/reports/list-reports";
import { type EndpointMeasure, type MeasuredSpan, measureEndpoints } from "@tidings/core/reports/measure-endpoints";
import { measureHours } from "@tidings/core/reports/measure-hours";
import { presentReport, presentReportDetail } from "@tidings/core/reports/present-report";
import { recoverReports } from "@tidings/core/reports/recover-reports";
import { redeliverReport } from "@tidings/core/reports/redeliver-report";
import { replayReports } from "@tidings/core/reports/replay-reports";
import { repeatReportsBody, reportFilters } from "@tidings/core/reports/report-schemas";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { reachingMutation } from "../reaching-mutation";
import { rowId } from "../row-id";
import { router, tenantMutation, tenantProcedure } from "../trpc";

const endpointId = z.object({ id: z.string().max(64) });
const reportId = z.object({ report: z.string().max(64) });
const pageSize = 50;
const hourMs = 3_600_000;
/** Reports read of each endpoint for a rate of the list: some milliseconds of work. */
const mostOfDay = 1_000;

/** Endpoints, and the reports posted to them. */
export const webhooksRouter = router({
  /** All of the mode, newest first, each with how the last day went. */
  list: tenantProcedure("webhooks.read").query(async ({ ctx: { house, owner } }) => {
    const { rows } = await listEndpoints(house.database, owner, { limit: maxEndpoints });
    const nowMs = Date.now();
    const ids = rows.map(({ id }) => id);
    const day: MeasuredSpan = [nowMs - 24 * hourMs, nowMs + hourMs];
    const measures = await measureEndpoints(house.database, owner, ids, [day], mostOfDay);
    const measureOf = new Map(measures.map((measure) => [measure.endpointId, measure]));
    return rows.map((row) => ({ ...presentEndpoint(house.sealer, row), day: counts(measureOf.get(row.id)) }));
  }),

  get: tenantProcedure("webhooks.read")
    .input(endpointId)
    .query(async ({ ctx: { house, owner }, input }) =>
      presentEndpoint(house.sealer, await getEndpoint(house.database, owner, rowId("endpoint", input.id))),
    ),

  /** How its reports fared in each of the last 24 hours, the oldest first. */
  hours: tenantProcedure("webhooks.read")
    .input(endpointId)
    .query(async ({ ctx: { house, owner }, input }) => {
      const id = rowId("endpoint", input.id);
      await getEndpoint(house.database, owner, id);
      return await measureHours(house.database, owner, id);
    }),

  /** Categories to choose from, those that are stored. */
  categories: tenantProcedure("webhooks.read").query(async ({ ctx: { house, owner } }) => {
    const { rows } = await listCategories(house.database, owner.tenantId, { limit: 100 });
    return rows.map(({ key, name }) => ({ key, name }));
  }),

  /** Why reports cannot be posted to a URL; null when nothing speaks against it now. */
  checkUrl: tenantProcedure("webhooks.write")
    .input(z.object({ url: createEndpointBody.shape.url }))
    .query(async ({ ctx: { house, owner }, input }): Promise<string | null> => {
      try {
        await house.checkUrl(input.url, owner.mode);
        return null;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return error.faults[0]?.message ?? error.message;
      }
    }),

  create: tenantMutation("webhooks.write", "endpoint.created")
    .input(z.object(createEndpointBody.shape))
    .mutation(async ({ ctx, input: { tenant: _, mode: __, ...body } }) => {
      const { row } = await createEndpoint(ctx.house, ctx.owner, body);
      const made = presentEndpoint(ctx.house.sealer, row);
      ctx.audit({ target: made.id, after: made });
      return made;
    }),

  update: tenantMutation("webhooks.write", "endpoint.updated")
    .input(endpointId.extend(updateEndpointBody.shape))
    .mutation(async ({ ctx, input: { id, tenant: _, mode: __, ...body } }) => {
      const { database, sealer } = ctx.house;
      const uuid = rowId("endpoint", id);
      const before = presentEndpoint(sealer, await getEndpoint(database, ctx.owner, uuid));
      const after = presentEndpoint(sealer, await updateEndpoint(ctx.house, ctx.owner, uuid, body));
      ctx.audit({ target: after.id, before, after });
      return after;
    }),

  delete: tenantMutation("webhooks.write", "endpoint.deleted")
    .input(endpointId)
    .mutation(async ({ ctx, input: { id } }) => {
      const { database, sealer } = ctx.house;
      const uuid = rowId("endpoint", id);
      const before = presentEndpoint(sealer, await getEndpoint(database, ctx.owner, uuid));
      await deleteEndpoint(database, ctx.owner, uuid);
      ctx.audit({ target: before.id, before });
    }),

  /** The signing secret. That somebody saw it stands in the audit log. */
  showSecret: tenantMutation("webhooks.write", "endpoint.secret_shown")
    .input(endpointId)
    .mutation(async ({ ctx, input: { id } }) => {
      const shown = await getEndpointSecret(ctx.house, ctx.owner, rowId("endpoint", id));
      ctx.audit({ target: id });
      return shown;
    }),

  rotateSecret: tenantMutation("webhooks.write", "endpoint.secret_rotated")
    .input(endpointId.extend({ overlapSeconds: rotateSecretBody.shape.overlapSeconds }))
    .mutation(async ({ ctx, input: { id, overlapSeconds } }) => {
      const row = await rotateEndpointSecret(ctx.house, ctx.owner, rowId("endpoint", id), { overlapSeconds });
      ctx.audit({ target: id, after: { overlapSeconds } });
      return presentEndpoint(ctx.house.sealer, row);
    }),

  test: reachingMutation("webhooks.write", "endpoint.tested")
    .input(endpointId.extend(testEventBody.shape))
    .mutation(async ({ ctx, input: { id, type } }) => {
      const report = presentReport(await sendTestEvent(ctx.house, ctx.owner, rowId("endpoint", id), { type }));
      ctx.audit({ target: id, after: { type, report: report.id } });
      return report;
    }),

  reports: tenantProcedure("webhooks.read")
    .input(
      endpointId.extend({ filters: reportFilters.pick({ status: true, type: true }), cursor: z.string().nullish() }),
    )
    .query(async ({ ctx: { house, owner }, input: { id, filters, cursor } }) => {
      const page = readPage({ limit: pageSize, cursor: cursor ?? undefined });
      const reports = await listReports(house.database, owner, rowId("endpoint", id), filters, page);
      return presentPage(reports, presentReport, (row) => row.id);
    }),

  report: tenantProcedure("webhooks.read")
    .input(reportId)
    .query(async ({ ctx: { house, owner }, input }) =>
      presentReportDetail(await getReport(house.database, owner, rowId("report", input.report))),
    ),

  redeliver: tenantMutation("webhooks.write", "report.redelivered")
    .input(reportId)
    .mutation(async ({ ctx, input }) => {
      const report = presentReport(await redeliverReport(ctx.house, ctx.owner, rowId("report", input.report)));
      ctx.audit({ target: report.id });
      return report;
    }),

  /** Posts again what failed since a time, a part at a time. */
  recover: tenantMutation("webhooks.write", "endpoint.recovered")
    .input(endpointId.extend(repeatReportsBody.shape))
    .mutation(async ({ ctx, input: { id, since, cursor } }) => {
      const done = await recoverReports(ctx.house, ctx.owner, rowId("endpoint", id), { since, cursor });
      ctx.audit({ target: id, after: { since, reports: done.reports } });
      return done;
    }),

  /** Posts what the endpoint was never told since a time, a part at a time. */
  replay: tenantMutation("webhooks.write", "endpoint.replayed")
    .input(endpointId.extend(repeatReportsBody.shape))
    .mutation(async ({ ctx, input: { id, since, cursor } }) => {
      const done = await replayReports(ctx.house, ctx.owner, rowId("endpoint", id), { since, cursor });
      ctx.audit({ target: id, after: { since, reports: done.reports } });
      return done;
    }),
});

function counts(measure: EndpointMeasure | undefined) {
  const { delivered = 0, failed = 0, retrying = 0, waiting = 0, isSampled = false } = measure ?? {};
  return { delivered, failed, retrying, waiting, isSampled };
}
