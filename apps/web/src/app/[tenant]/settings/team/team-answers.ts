import type { Answers } from "../../../../trpc/answers";

/** A tenant's team. */
export type Team = Answers["team"]["list"];
/** Somebody of the team. */
export type Member = Team["members"][number];
/** Somebody who was asked to join. */
export type Invitation = Team["invitations"][number];
