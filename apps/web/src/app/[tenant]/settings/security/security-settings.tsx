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

  const { requiresTwoFactor, callerHasTwoFactor } = settings.data;
  const without = team.data.members.filter(({ hasTwoFactor }) => !hasTwoFactor);
  const change = (required: boolean) => require.mutateAsync({ ...tenant.input, required });
  const setUp = `/account?needs=two-factor&next=${encodeURIComponent(tenant.href("settings/security"))}`;

  return (
    <div className="max-w-3xl space-y-8">
      <Section title="Second factor" description="A code of an app on the phone, beside the password.">
        {!callerHasTwoFactor && !requiresTwoFactor && (
          <Callout
            title="You have no second factor yourself"
            action={
              <ButtonLink href={setUp} size="sm">
                Set it up
              </ButtonLink>
            }
          >
            Only who has one may ask it of the team: nobody locks themselves out.
          </Callout>
        )}
        <Card>
          <CardBody className="space-y-3">
            <Switch
              label="Everybody in the team needs a second factor"
              help="Members without one can do nothing here until they have set it up. API keys are not concerned."
              checked={requiresTwoFactor}
              disabled={require.isPending || (!callerHasTwoFactor && !requiresTwoFactor)}
              onCheckedChange={(checked) =>
                checked && without.length > 0 ? setIsAsking(true) : void change(checked).catch(() => {})
              }
            />
            <p className="text-ink-muted text-sm">
              {without.length === 0
                ? "Every member has a second factor."
                : `${team.data.members.length - without.length} of ${team.data.members.length} members have one. Without: ${without.map(({ email }) => email).join(", ")}.`}
            </p>
          </CardBody>
        </Card>
      </Section>
      <Section title="Sessions and passwords">
        <p className="max-w-prose text-sm">
          Each person sees and ends their own sessions, and changes their password, in{" "}
          <TextLink href="/account">your account</TextLink>. Whoever leaves the team is shut out at once.
        </p>
      </Section>
      <ConfirmDialog
        title="Ask everybody for a second factor?"
        description={`${without.length} of ${team.data.members.length} members have none, and can do nothing here until they set it up: ${without.map(({ email }) => email).join(", ")}.`}
        action="Ask for a second factor"
        open={isAsking}
        onOpenChange={setIsAsking}
        onConfirm={() => change(true)}
      />
    </div>
  );
}
