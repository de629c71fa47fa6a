import {
  createAccountBody,
  maxAccounts,
  tenantProviders,
  testAccountBody,
  updateAccountBody,
} from "@tidings/core/providers/accounts/account-schemas";
import { createAccount } from "@tidings/core/providers/accounts/create-account";
import { deleteAccount } from "@tidings/core/providers/accounts/delete-account";
import { getAccount } from "@tidings/core/providers/accounts/get-account";
import { listAccounts } from "@tidings/core/providers/accounts/list-accounts";
import { orderAccounts } from "@tidings/core/providers/accounts/order-accounts";
import { presentAccount } from "@tidings/core/providers/accounts/present-account";
import { testAccount } from "@tidings/core/providers/accounts/test-account";
import { updateAccount } from "@tidings/core/providers/accounts/update-account";
import { readFitness } from "@tidings/core/providers/health/read-fitness";
import { listRecentAttempts } from "@tidings/core/providers/health/recent-attempts";
import { presentProviderType } from "@tidings/core/providers/settings/present-provider-type";
import { modes } from "@tidings/shared/modes";
import { z } from "zod";
import { reachingMutation } from "../reaching-mutation";
import { rowId } from "../row-id";
import { router, tenantMutation, tenantProcedure } from "../trpc";

const account = { id: z.string() };

/** What people call an account's provider, and whether this release has it: an account may be of a newer or an older one. */
function providerOf({ provider }: { provider: string }) {
  const known = tenantProviders.get(provider);
  return { providerName: known?.name ?? provider, isKnown: known !== undefined };
}

/** Provider accounts. They send live messages whichever mode one looks at: test messages end in the sandbox. */
export const providersRouter = router({
  /** All of the tenant's, with how they fare; and the platform's that it may use. */
  list: tenantProcedure("providers.read").query(async ({ ctx }) => {
    const { house, owner } = ctx;
    const [{ rows }, tenant] = await Promise.all([
      listAccounts(house.database, owner.tenantId, { limit: maxAccounts }),
      house.database.tenant.findUniqueOrThrow({
        where: { id: owner.tenantId },
        select: { usesPlatformAccounts: true },
      }),
    ]);
    const platform = house.platformAccounts.filter(({ isBuiltIn }) => isBuiltIn || tenant.usesPlatformAccounts);
    const fitnessOf = await readFitness(
      house,
      owner.tenantId,
      [...rows, ...platform].map(({ id }) => id),
    );
    return {
      accounts: rows.map((row) => ({ ...presentAccount(house, row), ...fitnessOf(row), ...providerOf(row) })),
      platform: platform.map((one) => ({ ...one, ...fitnessOf({ ...one, enabled: true }) })),
    };
  }),

  /** One account, with its attempts of the last day. */
  get: tenantProcedure("providers.read")
    .input(z.object(account))
    .query(async ({ ctx: { house, owner }, input }) => {
      const row = await getAccount(house.database, owner.tenantId, rowId("account", input.id));
      const [fitnessOf, attempts] = await Promise.all([
        readFitness(house, owner.tenantId, [row.id]),
        listRecentAttempts(house.database, { tenantId: owner.tenantId, mode: "live" }, row.id),
      ]);
      return { ...presentAccount(house, row), ...fitnessOf(row), ...providerOf(row), attempts };
    }),

  /** The providers that accounts can be made at, each with the form of its settings. */
  types: tenantProcedure("providers.read").query(() => [...tenantProviders.values()].map(presentProviderType)),

  /** Asks the provider about the credentials first. */
  create: tenantMutation("providers.write", "provider.created")
    .input(z.object(createAccountBody.shape))
    .mutation(async ({ ctx, input: { tenant: _tenant, mode: _mode, ...body } }) => {
      const { row, check } = await createAccount(ctx.house, ctx.owner.tenantId, body);
      const after = presentAccount(ctx.house, row);
      ctx.audit({ target: after.id, after });
      return { ...after, ...check };
    }),

  /** What is left out stays, secrets too. */
  update: tenantMutation("providers.write", "provider.updated")
    .input(z.object({ ...account, ...updateAccountBody.shape }))
    .mutation(async ({ ctx, input: { tenant: _tenant, mode: _mode, id: given, ...body } }) => {
      const id = rowId("account", given);
      const before = presentAccount(ctx.house, await getAccount(ctx.house.database, ctx.owner.tenantId, id));
      const { row, check } = await updateAccount(ctx.house, ctx.owner.tenantId, id, body);
      const after = presentAccount(ctx.house, row);
      ctx.audit({ target: after.id, before, after });
      return { ...after, ...check };
    }),

  /** Accounts in the order in which they are tried; those of one tier share by weight. */
  order: tenantMutation("providers.write", "providers.ordered")
    .input(z.object({ tiers: z.array(z.array(z.string()).min(1)).min(1).max(maxAccounts) }))
    .mutation(async ({ ctx, input: { tiers } }) => {
      const uuids = tiers.map((ids) => ids.map((id) => rowId("account", id)));
      await orderAccounts(ctx.house.database, ctx.owner.tenantId, uuids);
      ctx.audit({ after: { tiers } });
    }),

  remove: tenantMutation("providers.write", "provider.deleted")
    .input(z.object(account))
    .mutation(async ({ ctx, input }) => {
      const id = rowId("account", input.id);
      const before = presentAccount(ctx.house, await getAccount(ctx.house.database, ctx.owner.tenantId, id));
      await deleteAccount(ctx.house.database, ctx.owner.tenantId, id);
      ctx.audit({ target: before.id, before });
    }),

  /** Really sends one message, whichever mode one looks at, and tells what the provider said. */
  test: reachingMutation("providers.write", "provider.tested", modes)
    .input(z.object({ ...account, ...testAccountBody.shape }))
    .mutation(async ({ ctx, input: { id: given, channel, to, content } }) => {
      const owner = { tenantId: ctx.owner.tenantId, mode: "live" } as const;
      const result = await testAccount(ctx.house, owner, rowId("account", given), { channel, to, content });
      ctx.audit({ target: given, after: { channel, to, outcome: result.outcome } });
      return result;
    }),
});
