"use client";

import { useQuery } from "@tanstack/react-query";
import type { Role } from "@tidings/shared/roles";
import { Users } from "lucide-react";
import { useMemo } from "react";
import { useTenant } from "../../../../shell/tenant-context";
import { useTRPC } from "../../../../trpc/client";
import { Avatar } from "../../../../ui/avatar";
import { Badge } from "../../../../ui/badge";
import { type DataColumn, DataTable } from "../../../../ui/data-table";
import { EmptyState } from "../../../../ui/empty-state";
import { ErrorState } from "../../../../ui/error-state";
import { Fold } from "../../../../ui/fold";
import { QuotaBar } from "../../../../ui/quota-bar";
import { Section } from "../../../../ui/section";
import { Status } from "../../../../ui/status";
import { RelativeTime } from "../../../../ui/time";
import { InvitationActions } from "./invitation-actions";
import { InviteMember } from "./invite-member";
import { MemberMenu } from "./member-menu";
import { RoleTable } from "./role-table";
import { roleName } from "./role-words";
import type { Invitation, Member } from "./team-answers";

/** Members, invitations that wait, the plan's seats, and what each role may do. */
export function TeamSettings() {
  const tenant = useTenant();
  const trpc = useTRPC();
  const { data, isError, error, refetch } = useQuery(trpc.team.list.queryOptions(tenant.input));
  const mayWrite = tenant.can("team.write");
  const caller = data?.caller;
  const columns = useMemo(() => memberColumns(caller), [caller]);
  if (isError && !data)
    return <ErrorState title="The team could not be loaded" error={error} onRetry={() => void refetch()} />;

  return (
    <div className="space-y-8">
      <Section
        title="Members"
        description="Who can open this tenant, and what they may do here."
        actions={mayWrite && data && <InviteMember />}
      >
        {data && data.seats !== null && (
          <div className="max-w-md">
            <QuotaBar
              label="Seats"
              used={data.members.length + data.invitations.length}
              limit={data.seats}
              note={`Of the plan ${data.plan}. Invitations that wait take one, too.`}
            />
          </div>
        )}
        <DataTable
          label="Members"
          columns={columns}
          rows={data?.members}
          rowId={({ id }) => id}
          renderCard={(member) => <MemberCard member={member} isCaller={member.userId === caller} />}
          empty={<EmptyState icon={<Users />} title="Nobody yet" />}
        />
      </Section>
      <Section
        title="Invitations"
        description="Sent by mail and not answered yet. Each works for 7 days and gives the role you chose."
      >
        {data?.invitations.length === 0 ? (
          <p className="rounded-lg border border-line border-dashed px-4 py-3 text-ink-muted text-sm">
            Nobody is invited at the moment.
          </p>
        ) : (
          <DataTable
            label="Invitations"
            columns={mayWrite ? invitationColumnsOfWriters : invitationColumns}
            rows={data?.invitations}
            rowId={({ id }) => id}
            renderCard={(invitation) => <InvitationCard invitation={invitation} mayWrite={mayWrite} />}
            empty={null}
          />
        )}
      </Section>
      <Fold title="What each role may do">
        <RoleTable />
      </Fold>
    </div>
  );
}

function SecondFactor({ member }: { member: Member }) {
  return member.hasTwoFactor ? <Status tone="good">On</Status> : <Status tone="neutral">Off</Status>;
}

const role = ({ role }: { role: Role }) => <Badge>{roleName(role)}</Badge>;

function memberColumns(caller: string | undefined): readonly DataColumn<Member>[] {
  return [
    {
      key: "name",
      header: "Name",
      cell: ({ name, userId }) => (
        <span className="flex items-center gap-2">
          <Avatar name={name} />
          <span className="truncate font-medium">{name}</span>
          {userId === caller && <span className="text-ink-muted text-sm">You</span>}
        </span>
      ),
    },
    { key: "email", header: "Email", cell: ({ email }) => <span className="text-ink-muted">{email}</span> },
    { key: "role", header: "Role", width: "w-28", cell: role },
    { key: "factor", header: "Second factor", width: "w-32", cell: (member) => <SecondFactor member={member} /> },
    {
      ...{ key: "joined", header: "Joined", width: "w-28" },
      cell: ({ joinedAt }) => <RelativeTime at={joinedAt} className="text-ink-muted" />,
    },
    {
      key: "actions",
      header: <span className="sr-only">Actions</span>,
      width: "w-16",
      align: "end",
      cell: (member) => <MemberMenu member={member} isCaller={member.userId === caller} />,
    },
  ];
}

function MemberCard({ member, isCaller }: { member: Member; isCaller: boolean }) {
  return (
    <div className="flex items-start gap-3">
      <Avatar name={member.name} />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="truncate font-medium">
          {member.name} {isCaller && <span className="font-normal text-ink-muted text-sm">You</span>}
        </p>
        <p className="truncate text-ink-muted text-sm">{member.email}</p>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          {role(member)}
          <Status tone={member.hasTwoFactor ? "good" : "neutral"}>
            {member.hasTwoFactor ? "Second factor" : "No second factor"}
          </Status>
        </p>
      </div>
      <MemberMenu member={member} isCaller={isCaller} />
    </div>
  );
}

const invitationColumns: readonly DataColumn<Invitation>[] = [
  { key: "email", header: "Email", cell: ({ email }) => <span className="font-medium">{email}</span> },
  { key: "role", header: "Role", width: "w-28", cell: role },
  { key: "by", header: "Invited by", width: "w-40", cell: ({ invitedBy }) => invitedBy },
  { key: "expires", header: "Expires", width: "w-28", cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
];

const invitationColumnsOfWriters: readonly DataColumn<Invitation>[] = [
  ...invitationColumns,
  {
    key: "actions",
    header: <span className="sr-only">Actions</span>,
    width: "w-48",
    align: "end",
    cell: (invitation) => <InvitationActions invitation={invitation} />,
  },
];

function InvitationCard({ invitation, mayWrite }: { invitation: Invitation; mayWrite: boolean }) {
  return (
    <div className="space-y-1">
      <p className="truncate font-medium">{invitation.email}</p>
      <p className="flex flex-wrap items-center gap-2 text-ink-muted text-sm">
        {role(invitation)} invited by {invitation.invitedBy}, expires <RelativeTime at={invitation.expiresAt} />
      </p>
      {mayWrite && <InvitationActions invitation={invitation} />}
    </div>
  );
}
