"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTenant } from "../../../shell/tenant-context";
import { useTRPC } from "../../../trpc/client";
import { failureOf } from "../../../ui/failure";
import { toast } from "../../../ui/toast";
import type { Account } from "./provider-words";
import type { Tiers } from "./tiers";

/** Changes that are seen at once, and taken back when the server refuses them. */
export function useAccountChanges() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [said, setSaid] = useState("");
  const queryKey = trpc.providers.list.queryKey(tenant.input);
  const order = useMutation(trpc.providers.order.mutationOptions());
  const update = useMutation(trpc.providers.update.mutationOptions());

  async function change(patch: (account: Account) => Account, send: () => Promise<unknown>) {
    await queryClient.cancelQueries({ queryKey });
    const before = queryClient.getQueryData(queryKey);
    queryClient.setQueryData(queryKey, (list) => list && { ...list, accounts: list.accounts.map(patch) });
    try {
      await send();
    } catch (error) {
      queryClient.setQueryData(queryKey, before);
      toast.bad("Not changed", { description: failureOf(error).message });
    }
    await queryClient.invalidateQueries({ queryKey: trpc.providers.pathKey() });
  }

  return {
    /** What was done, for screen readers. */
    said,
    reorder(tiers: Tiers<Account>, what: string) {
      const ids = tiers.map((tier) => tier.map(({ id }) => id));
      const rankOf = (id: string) => ids.findIndex((tier) => tier.includes(id));
      setSaid(what);
      void change(
        (account) => (rankOf(account.id) < 0 ? account : { ...account, order: rankOf(account.id) }),
        () => order.mutateAsync({ ...tenant.input, tiers: ids }),
      );
    },
    enable({ id, name }: Account, enabled: boolean) {
      setSaid(`${name} is ${enabled ? "sent with" : "not sent with any more"}.`);
      void change(
        (account) => (account.id === id ? { ...account, enabled, state: enabled ? "unproven" : "disabled" } : account),
        () => update.mutateAsync({ ...tenant.input, id, enabled }),
      );
    },
  };
}
