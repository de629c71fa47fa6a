import { type Mode, modeSchema } from "@tidings/shared/modes";
import type { Action } from "@tidings/shared/roles";
import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { cookies } from "next/headers";
import { z } from "zod";
import { modeCookie, modeOf } from "../../shell/mode";
import { createContext } from "../context";
import type { House } from "../house";
import { isForeign } from "../same-origin";
import { type AuditNote, createCallerFactory, router, tenantMutation, tenantProcedure, wordsOf } from "../trpc";

/** What a route of a tenant works with: the same that a procedure of a tenant does, and the request. */
export interface TenantCall<Query> {
  house: House;
  /** Whose rows: the tenant's UUID, and the mode of `?mode=` or else of the header's switch. */
  owner: { tenantId: string; mode: Mode };
  request: Request;
  query: Query;
  /** Tells the audit log of a change; only where the route was given an `audit`. */
  audit(note: AuditNote): void;
}

/** Who may, and what the address may ask for. */
export interface TenantRouteRule<Query> {
  /** What the role must allow. */
  action: Action;
  /** For a route that changes something: the event, as `tenantMutation` takes it. */
  audit?: string;
  /** Of the address's parameters without `mode`. */
  query: z.ZodType<Query>;
}

/**
 * A route handler under `app/[tenant]/`, for downloads and uploads. It is a tenant's procedure inside, so session,
 * membership, role, second factor and the audit log are asked and kept as everywhere; what is refused is answered as JSON
 * `{ message, data: { code, errors, requestId } }` with its status.
 */
export function tenantRoute<Query>(
  { action, audit, query }: TenantRouteRule<Query>,
  answer: (call: TenantCall<Query>) => Promise<Response>,
): (request: Request, context: { params: Promise<{ tenant: string }> }) => Promise<Response> {
  const input = z.object({ request: z.instanceof(Request), query });
  const procedure = audit
    ? tenantMutation(action, audit)
        .input(input)
        .mutation(({ ctx, input }) => answer({ ...ctx, ...input }))
    : tenantProcedure(action)
        .input(input)
        .query(({ ctx, input }) => answer({ ...ctx, ...input }));
  const createCaller = createCallerFactory(router({ answer: procedure }));

  return async (request, { params }) => {
    if (request.method !== "GET" && isForeign(request)) return new Response("Not from this site.", { status: 403 });
    const context = createContext(request.headers);
    const { mode, ...asked } = Object.fromEntries(new URL(request.url).searchParams);
    const place = {
      tenant: (await params).tenant,
      mode: modeSchema.safeParse(mode).data ?? modeOf((await cookies()).get(modeCookie)?.value),
    };
    try {
      return await createCaller(context).answer({ ...place, request, query: asked as Query });
    } catch (error) {
      if (error instanceof TRPCError) return refused(error, context.origin.requestId);
      throw error;
    }
  };
}

function refused(error: TRPCError, requestId: string): Response {
  const { code, cause } = error;
  const message =
    code === "INTERNAL_SERVER_ERROR"
      ? "Something went wrong on our side."
      : cause instanceof z.ZodError
        ? "The address asks for what can't be asked for."
        : error.message;
  const status = getHTTPStatusCodeFromError(error);
  return Response.json({ message, data: { ...wordsOf(error), requestId } }, { status });
}
