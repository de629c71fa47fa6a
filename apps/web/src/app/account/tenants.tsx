"use client";

import { useMutation } from "@tanstack/react-query";
import type { Role } from "@tidings/shared/roles";
import { Building2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTRPC } from "../../trpc/client";
import { Badge } from "../../ui/badge";
import { Button, ButtonLink } from "../../ui/button";
import { Card } from "../../ui/card";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { EmptyState } from "../../ui/empty-state";
import { Section } from "../../ui/section";
import { TextLink } from "../../ui/text-link";
import { toast } from "../../ui/toast";

/** The tenants one is in, each with the way out. */
export function Tenants({
  tenants,
  mayFound,
}: {
  tenants: readonly { slug: string; name: string; role: Role }[];
  mayFound: boolean;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const leave = useMutation(
    trpc.account.leaveTenant.mutationOptions({
      onSuccess: () => {
        toast.good("You have left the team");
        router.refresh();
      },
    }),
  );
  return (
    <Section title="Your tenants" actions={mayFound && <ButtonLink href="/new">New tenant</ButtonLink>}>
      <Card>
        {tenants.length === 0 ? (
          <EmptyState icon={<Building2 />} title="You are in no tenant">
            {mayFound ? "Make one, or open the link of an invitation." : "Open the link of an invitation."}
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {tenants.map(({ slug, name, role }) => (
              <li key={slug} className="flex items-center justify-between gap-4 px-4 py-3">
                <p className="flex min-w-0 flex-wrap items-center gap-2 text-sm">
                  <TextLink href={`/${slug}`}>{name}</TextLink>
                  <Badge>{role}</Badge>
                </p>
                <ConfirmDialog
                  title={`Leave ${name}?`}
                  description="You can no longer open it, until somebody of the team invites you again."
                  action="Leave the team"
                  onConfirm={() => leave.mutateAsync({ slug })}
                  trigger={
                    <Button size="sm" aria-label={`Leave ${name}`}>
                      Leave
                    </Button>
                  }
                />
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Section>
  );
}
