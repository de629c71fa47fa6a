"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { mayGive } from "@tidings/shared/roles";
import { Ellipsis, LogOut, UserCog, UserMinus } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { ConfirmDialog } from "../../../../ui/confirm-dialog";
import { IconButton } from "../../../../ui/icon-button";
import { Menu, MenuItem } from "../../../../ui/menu";
import { toast } from "../../../../ui/toast";
import type { Member } from "./team-answers";

const ChangeRole = dynamic(() => import("./change-role").then((module) => module.ChangeRole), { ssr: false });

/** What can be done about a member: change the role, remove; about oneself: leave. Nothing where the role allows nothing. */
export function MemberMenu({ member, isCaller }: { member: Member; isCaller: boolean }) {
  const tenant = useTenant();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asked, setAsked] = useState<"role" | "remove" | "leave" | null>(null);
  const remove = useMutation(
    trpc.team.remove.mutationOptions({
      onSuccess: () => {
        toast.good(`Removed ${member.name}`);
        return queryClient.invalidateQueries({ queryKey: trpc.team.pathKey() });
      },
    }),
  );
  const leave = useMutation(
    trpc.account.leaveTenant.mutationOptions({ onSuccess: () => window.location.assign("/start") }),
  );
  const mayChange = mayGive(tenant.role, member.role);
  if (!mayChange && !isCaller) return null;
  const close = (open: boolean) => !open && setAsked(null);

  return (
    <span className="relative z-10">
      <Menu trigger={<IconButton size="sm" label={`Change ${member.name}`} icon={<Ellipsis aria-hidden />} />}>
        {mayChange && (
          <MenuItem icon={<UserCog aria-hidden />} onSelect={() => setAsked("role")}>
            Change role
          </MenuItem>
        )}
        {isCaller ? (
          <MenuItem danger icon={<LogOut aria-hidden />} onSelect={() => setAsked("leave")}>
            Leave the team
          </MenuItem>
        ) : (
          <MenuItem danger icon={<UserMinus aria-hidden />} onSelect={() => setAsked("remove")}>
            Remove
          </MenuItem>
        )}
      </Menu>
      {asked === "role" && <ChangeRole {...member} onClose={() => setAsked(null)} />}
      <ConfirmDialog
        title={`Remove ${member.name} from the team?`}
        description={`${member.email} can no longer open ${tenant.name}. API keys they made keep working.`}
        action="Remove member"
        open={asked === "remove"}
        onOpenChange={close}
        onConfirm={() => remove.mutateAsync({ ...tenant.input, id: member.id })}
      />
      <ConfirmDialog
        title={`Leave ${tenant.name}?`}
        description="You can no longer open it, until somebody of the team invites you again."
        action="Leave the team"
        open={asked === "leave"}
        onOpenChange={close}
        onConfirm={() => leave.mutateAsync({ slug: tenant.slug })}
      />
    </span>
  );
}
