import {
  type AnyDeadLetter,
  deadLetterFilters,
  listAllDeadLetters,
} from "@tidings/core/dead-letters/list-all-dead-letters";
import { replayAnyDeadLetter, replayDeadLetters } from "@tidings/core/dead-letters/replay-dead-letters";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { publicId } from "@tidings/shared/ids";
import { z } from "zod";
import { rowId } from "../row-id";
import { operatorMutation, operatorProcedure, router } from "../trpc";

/** Most of a payload that is shown: ours are a hundred bytes, what is not ours may be anything. */
const mostShown = 16_000;

/** Messages that could not be read or routed, of all tenants. */
export const deadLettersRouter = router({
  list: operatorProcedure
    .input(z.object({ ...deadLetterFilters.shape, ...pageQuery.shape }))
    .query(async ({ ctx, input: { limit, cursor, ...filters } }) =>
      presentPage(
        await listAllDeadLetters(ctx.house.database, filters, readPage({ limit, cursor })),
        present,
        ({ id }) => id,
      ),
    ),

  replay: operatorMutation("dead_letter.replayed")
    .input(z.object({ id: z.string() }))
    .mutation(async ({ ctx, input: { id } }) => {
      const uuid = rowId("deadLetter", id);
      await replayAnyDeadLetter(ctx.house, uuid);
      const { tenantId } = await ctx.house.database.deadLetter.findUniqueOrThrow({ where: { id: uuid } });
      ctx.audit({ tenantId, target: id });
    }),

  replayAll: operatorMutation("dead_letter.many_replayed")
    .input(z.object(deadLetterFilters.omit({ state: true }).shape))
    .mutation(async ({ ctx, input }) => {
      const counts = await replayDeadLetters(ctx.house, input);
      ctx.audit({ target: "dead letters", after: { filters: input, ...counts } });
      return counts;
    }),
});

function present({ id, tenant, mode, notificationId, payload, createdAt, replayedAt, ...row }: AnyDeadLetter) {
  const { topic, partition, position, reason, notificationStatus } = row;
  const text = Buffer.from(payload).toString("utf8");
  return {
    ...{ id: publicId("deadLetter", id), tenant, mode, topic, partition, position, reason },
    notificationId: notificationId && publicId("notification", notificationId),
    notificationStatus,
    payload: text.length > mostShown ? `${text.slice(0, mostShown)}…` : text,
    payloadBytes: payload.length,
    createdAt: createdAt.toISOString(),
    replayedAt: replayedAt?.toISOString() ?? null,
  };
}
