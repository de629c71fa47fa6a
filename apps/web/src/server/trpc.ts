import { continueAudit } from "@tidings/core/audit/continue-audit";
import { type AuditFacts, writeAudit } from "@tidings/core/audit/write-audit";
import { findSupportVisit } from "@tidings/core/platform/find-support-visit";
import type { Membership } from "@tidings/core/team/memberships-of";
import { secondFactorStep } from "@tidings/core/team/second-factor-step";
import { modeSchema } from "@tidings/shared/modes";
import { type Fault, Refusal, type RefusalCode, refusals } from "@tidings/shared/refusals";
import { type Action, actions, may } from "@tidings/shared/roles";
import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { z } from "zod";
import { mayOperate } from "./auth/second-factor";
import type { Context, SignedIn } from "./context";
import { secondFactorOf } from "./second-factor-of";

/** What every procedure says of itself; the tests of roles and of the audit log are generated from it. */
export interface ProcedureMeta {
  /** Who may call it: anybody, anybody signed in, operators, or members whose role allows the action. */
  access: "anybody" | "signed-in" | "operator" | Action;
  /** What a mutation writes into the audit log. */
  audit?: string;
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    errorFormatter: ({ shape, error, ctx }) => ({
      ...shape,
      message:
        error.code === "INTERNAL_SERVER_ERROR"
          ? "Something went wrong on our side."
          : error.cause instanceof z.ZodError
            ? "Something in it is not valid." // zod's own message is JSON; `errors` has the faults
            : shape.message,
      data: {
        httpStatus: shape.data.httpStatus,
        path: shape.data.path,
        requestId: ctx?.origin.requestId,
        ...wordsOf(error),
      },
    }),
    sse: {
      ping: { enabled: true, intervalMs: 15_000 },
      // A browser connects again, and who may see the stream is looked up anew: whoever was removed sees no more.
      maxDurationMs: 60_000,
      client: { reconnectAfterInactivityMs: 40_000 },
    },
  });

export const router = t.router;
/** Calls procedures without HTTP: for server components and tests. */
export const createCallerFactory = t.createCallerFactory;

/** Refusals of core become tRPC's errors here, and faults of zod become faults. */
const refusing = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return result;
  const { cause } = result.error;
  if (cause instanceof Refusal) throw new TRPCError({ code: trpcCodeOf(cause.code), message: cause.message, cause });
  if (result.error.code === "INTERNAL_SERVER_ERROR")
    ctx.house.logger.error({ err: cause ?? result.error, path, requestId: ctx.origin.requestId }, "procedure failed");
  return result;
});

const base = t.procedure.use(refusing);

/** For anyone who can open the console, signed in or not. */
export const publicProcedure = base.meta({ access: "anybody" });

/** For anyone who is signed in. */
export const signedInProcedure = base.meta({ access: "signed-in" }).use(async ({ ctx, next }) => {
  return next({ ctx: { session: await requireSignedIn(ctx) } });
});

/** For operators: what concerns the platform. */
export const operatorProcedure = base.meta({ access: "operator" }).use(async ({ ctx, next }) => {
  const session = await requireSignedIn(ctx);
  if (!session.user.operator) throw denied("forbidden", "Only operators of the platform see this.");
  if (!mayOperate(ctx.house, session)) {
    const step = secondFactorStep(secondFactorOf(session));
    throw denied("two_factor_needed", `Operators need a second factor: ${step} first.`);
  }
  return next({ ctx: { session } });
});

/** Which tenant, by its slug as it stands in the address; and which of its two worlds. */
const tenantInput = z.object({ tenant: z.string().max(64), mode: modeSchema });

/**
 * For members of a tenant whose role allows an action. Input begins with `tenant` and `mode`; handlers get the membership
 * and `owner`, the tenant's id with the mode. To anybody else the tenant does not exist.
 */
export function tenantProcedure(action: Action) {
  return base
    .meta({ access: action })
    .input(tenantInput)
    .use(async ({ ctx, input, next }) => {
      const session = await requireSignedIn(ctx);
      const membership = await membershipIn(ctx, session, input.tenant);
      if (!may(membership, action))
        throw denied("forbidden", `Your role, ${membership.role}, does not allow this: ${actions[action]}.`);
      return next({
        ctx: { session, membership, owner: { tenantId: membership.tenantId, mode: input.mode }, audit: noAudit },
      });
    });
}

/** What a handler tells of its change. The action is the procedure's. */
export type AuditNote = Pick<AuditFacts, "target" | "before" | "after"> & {
  /** Another than the procedure's, where it depends on the input. */
  action?: string;
  /** One of many small changes, which are one entry: see `continueAudit`. */
  continues?: true;
};

/**
 * For changes of a tenant by members whose role allows an action. The handler tells of the change with `ctx.audit`; what
 * it told is written to the audit log once it succeeded. A handler that tells nothing is a bug, and says so.
 * @param event thing and past participle, such as `key.created`
 */
export function tenantMutation(action: Action, event: string) {
  return tenantProcedure(action)
    .meta({ access: action, audit: event })
    .use(async ({ ctx, next, path }) => {
      const notes: AuditNote[] = [];
      const result = await next({ ctx: { ...ctx, audit: (note: AuditNote) => void notes.push(note) } });
      if (!result.ok) return result;
      if (notes.length === 0) throw new Error(`${path} changed something and told the audit log nothing`);
      for (const { action = event, continues, ...note } of notes) {
        const write = continues ? continueAudit : writeAudit;
        await write(ctx.house.database, { ...auditorOf(ctx), tenantId: ctx.owner.tenantId, action, ...note });
      }
      return result;
    });
}

/** What an operator's change tells, and which tenant it concerns. */
type PlatformNote = Omit<AuditNote, "continues"> & { tenantId?: string | null };

/** The same for operators; `tenantId` of a note says which tenant it concerns. */
export function operatorMutation(event: string) {
  return operatorProcedure.meta({ access: "operator", audit: event }).use(async ({ ctx, next, path }) => {
    const notes: PlatformNote[] = [];
    const result = await next({ ctx: { ...ctx, audit: (note: PlatformNote) => void notes.push(note) } });
    if (!result.ok) return result;
    if (notes.length === 0) throw new Error(`${path} changed something and told the audit log nothing`);
    for (const { action = event, tenantId = null, ...note } of notes)
      await writeAudit(ctx.house.database, { ...auditorOf(ctx), tenantId, action, ...note });
    return result;
  });
}

/** Who acts and from where, as the audit log wants it. */
export function auditorOf({ session, origin }: { session: SignedIn; origin: Context["origin"] }) {
  return { userId: session.user.id, actor: session.user.email, ...origin };
}

function noAudit(_note: AuditNote): void {
  throw new Error("only a tenantMutation writes to the audit log");
}

async function requireSignedIn(ctx: Context): Promise<SignedIn> {
  const session = await ctx.signedIn();
  if (!session) throw denied("signed_out", "You are not signed in.");
  return session;
}

/**
 * Somebody's place in a tenant: in its team, or an operator's on a visit.
 * @throws {TRPCError} NOT_FOUND for everybody outside; FORBIDDEN when the team wants a second factor that is missing
 */
async function membershipIn(ctx: Context, session: SignedIn, slug: string): Promise<Membership> {
  const { id, operator } = session.user;
  const own = (await ctx.membershipsOf(id)).find((one) => one.slug === slug);
  const membership =
    own ?? (operator && mayOperate(ctx.house, session) ? await findSupportVisit(ctx.house.database, id, slug) : null);
  if (!membership) throw new TRPCError({ code: "NOT_FOUND", message: "There is no such tenant." });
  const secondFactor = secondFactorOf(session);
  if (membership.requiresTwoFactor && !secondFactor.gaveSecondFactor) {
    const message = `${membership.name} asks its team for a second factor: ${secondFactorStep(secondFactor)} first.`;
    throw denied("two_factor_needed", message);
  }
  return membership;
}

/** Why the console, not core, says no. */
class Denied extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The console's own refusal, for a reason that core knows nothing of. */
export function denied(
  code: "signed_out" | "forbidden" | "two_factor_needed" | "address_unconfirmed",
  message: string,
): TRPCError {
  const trpcCode = code === "signed_out" ? "UNAUTHORIZED" : "FORBIDDEN";
  return new TRPCError({ code: trpcCode, message, cause: new Denied(code, message) });
}

/**
 * What a failed call tells the browser beside its message: a code of `refusals` in shared or the console's own
 * (`forbidden`, `signed_out`, `two_factor_needed`, `address_unconfirmed`), and what is wrong with which field.
 */
export function wordsOf({ code, cause }: TRPCError): { code: string; errors: readonly Fault[] } {
  if (cause instanceof Refusal) return { code: cause.code, errors: cause.faults };
  if (cause instanceof Denied) return { code: cause.code, errors: [] };
  if (cause instanceof z.ZodError) {
    const errors = cause.issues.map(({ path, message }) => ({ pointer: `/${path.join("/")}`, message }));
    return { code: "invalid_body", errors };
  }
  return { code: code.toLowerCase(), errors: [] };
}

const trpcCodes: Readonly<Record<number, ConstructorParameters<typeof TRPCError>[0]["code"]>> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
};

function trpcCodeOf(code: RefusalCode) {
  return trpcCodes[refusals[code].status] ?? "INTERNAL_SERVER_ERROR";
}
