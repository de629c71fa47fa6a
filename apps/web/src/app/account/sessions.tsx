"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "../../trpc/client";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Card } from "../../ui/card";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { ErrorState } from "../../ui/error-state";
import { Section } from "../../ui/section";
import { SkeletonRows } from "../../ui/skeleton";
import { RelativeTime } from "../../ui/time";
import { toast } from "../../ui/toast";
import { deviceWords } from "./device-words";

/** The browsers in which one is signed in, each with the way to end it. */
export function Sessions() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data, isError, error, refetch } = useQuery(trpc.sessions.list.queryOptions());
  const again = () => queryClient.invalidateQueries({ queryKey: trpc.sessions.pathKey() });
  const revoke = useMutation(trpc.sessions.revoke.mutationOptions({ onSuccess: again }));
  const revokeOthers = useMutation(
    trpc.sessions.revokeOthers.mutationOptions({
      onSuccess: ({ count }) => {
        toast.good(count === 1 ? "One other browser is signed out" : `${count} other browsers are signed out`);
        return again();
      },
    }),
  );

  return (
    <Section
      title="Sessions"
      description="Where you are signed in. When a browser was last seen is noted once a day."
      actions={
        data &&
        data.length > 1 && (
          <ConfirmDialog
            title="Sign out everywhere else?"
            description="Every browser but this one must sign in again."
            action="Sign out the others"
            onConfirm={() => revokeOthers.mutateAsync()}
            trigger={<Button>Sign out the others</Button>}
          />
        )
      }
    >
      {isError && !data ? (
        <ErrorState title="Your sessions could not be loaded" error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={2} />
      ) : (
        <Card>
          <ul className="divide-y divide-line">
            {data.map(({ id, isThis, userAgent, ipAddress, signedInAt, seenAt }) => (
              <li key={id} className="flex items-center justify-between gap-4 px-4 py-3">
                <div className="min-w-0">
                  <p className="flex flex-wrap items-center gap-2 font-medium text-sm" title={userAgent ?? undefined}>
                    {deviceWords(userAgent)}
                    {isThis && <Badge>this browser</Badge>}
                  </p>
                  <p className="text-ink-muted text-xs">
                    {ipAddress ? `${ipAddress}, signed` : "Signed"} in <RelativeTime at={signedInAt} />
                    {!isThis && (
                      <>
                        , last seen <RelativeTime at={seenAt} />
                      </>
                    )}
                  </p>
                </div>
                {!isThis && (
                  <ConfirmDialog
                    title={`Sign out ${deviceWords(userAgent)}?`}
                    description="That browser must sign in again."
                    action="Sign out"
                    onConfirm={() => revoke.mutateAsync({ id })}
                    trigger={
                      <Button size="sm" aria-label={`Sign out ${deviceWords(userAgent)}`}>
                        Sign out
                      </Button>
                    }
                  />
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
    </Section>
  );
}
