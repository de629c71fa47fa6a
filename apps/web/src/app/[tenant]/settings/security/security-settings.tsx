"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { ButtonLink } from "../../../../ui/button";
import { Callout } from "../../../../ui/callout";
import { Card, CardBody } from "../../../../ui/card";
import { ConfirmDialog } from "../../../../ui/confirm-dialog";
import { ErrorState } from "../../../../ui/error-state";
import { failureOf } from "../../../../ui/failure";
import { Section } from "../../../../ui/section";
import { SkeletonRows } from "../../../../ui/skeleton";
import { Switch } from "../../../../ui/switch";
import { TextLink } from "../../../../ui/text-link";
import { toast } from "../../../../ui/toast";

/** A long team's first few. */
function namesOf(members: readonly { email: string }[]): string {
  const shown = members.slice(0, 5).map(({ email }) => email);
  return members.length > shown.length
    ? `${shown.join(", ")} and ${members.length - shown.length} more`
    : shown.join(", ");
}

/** Whether the team must have a second factor, and who has none. */
export function SecuritySettings() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const settings = useQuery(trpc.settings.get.queryOptions(tenant.input));
  const team = useQuery(trpc.team.list.queryOptions(tenant.input));
  const [isAsking, setIsAsking] = useState(false);
  const require = useMutation(
    trpc.settings.requireTwoFactor.mutationOptions({
      onSuccess: (_, { required }) => {
        toast.good(required ? "The team needs a second factor now" : "A second factor is up to each member");
        return queryClient.invalidateQueries({ queryKey: trpc.settings.pathKey() });
      },
      onError: (error) => toast.bad(failureOf(error).message),
    }),
  );
  const failed = [settings, team].find(({ isError, data }) => isError && !data);
  if (failed)
    return (
      <ErrorState
        title="The settings could not be loaded"
        error={failed.error}
        onRetry={() => void Promise.all([settings.refetch(), team.refetch()])}
      />
    );
  if (!settings.data || !team.data) return <SkeletonRows rows={3} />;

  const { requiresTwoFactor, caller } = settings.data;
  const without = team.data.members.filter(({ hasTwoFactor }) => !hasTwoFactor);
  const change = (required: boolean) => require.mutateAsync({ ...tenant.input, required });
  const account = `/account?needs=two-factor&next=${encodeURIComponent(tenant.href("settings/security"))}`;

  return (
    <div className="max-w-3xl space-y-8">
      <Section title="Second factor" description="A code from an authenticator app, asked for after the password.">
        {!caller.gaveSecondFactor && !requiresTwoFactor && (
          <Callout
            title={
              caller.hasTwoFactor
                ? "Give the code of your own second factor first"
                : "Set up your own second factor first"
            }
            action={
              <ButtonLink href={account} size="sm">
                {caller.hasTwoFactor ? "Give the code" : "Set up"}
              </ButtonLink>
            }
          >
            Then you can require one of the whole team without locking yourself out.
          </Callout>
        )}
        <Card>
          <CardBody className="space-y-3">
            <Switch
              label="Require a second factor of everybody in the team"
              help="Members without one must set it up before they can go on. API keys keep working."
              checked={requiresTwoFactor}
              disabled={require.isPending || (!caller.gaveSecondFactor && !requiresTwoFactor)}
              onCheckedChange={(checked) =>
                checked && without.length > 0 ? setIsAsking(true) : void change(checked).catch(() => {})
              }
            />
            <p className="wrap-anywhere border-line border-t pt-3 text-ink-muted text-sm">
              {without.length === 0
                ? "Every member has a second factor."
                : `${team.data.members.length - without.length} of ${team.data.members.length} members have one. Still without: ${namesOf(without)}.`}
            </p>
          </CardBody>
        </Card>
      </Section>
      <Section title="Sessions and passwords">
        <p className="max-w-prose text-pretty text-ink-muted text-sm">
          Each person ends their own sessions and changes their own password; yours are in{" "}
          <TextLink href="/account">your account</TextLink>. Whoever leaves the team is shut out at once.
        </p>
      </Section>
      <ConfirmDialog
        title="Require a second factor of everybody?"
        description={`${without.length} of ${team.data.members.length} members have none, and must set one up before they can go on: ${namesOf(without)}.`}
        action="Require a second factor"
        open={isAsking}
        onOpenChange={setIsAsking}
        onConfirm={() => change(true)}
      />
    </div>
  );
}
