import { writeAudit } from "@tidings/core/audit/write-audit";
import { listOperators } from "@tidings/core/platform/list-operators";
import { markOperator } from "@tidings/core/platform/mark-operator";
import { signInAddress } from "@tidings/core/team/team-schemas";
import type { Database } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import { Refusal } from "@tidings/shared/refusals";
import { z } from "zod";
import { commandLine } from "../command-line";
import { type Answer, operatorCommand } from "../operator-command";
import { shortTime, table } from "../table";
import { readOptions } from "../usage-error";

const emailWord = { email: { type: "positional", required: true, description: "Whom, by address" } } as const;

export const operatorsAdd = operatorCommand({
  name: "operators add",
  description: "Let somebody see the operator's pages of the console",
  args: emailWord,
  run: ({ email }, { database }) => mark(database, email, true),
});

export const operatorsRemove = operatorCommand({
  name: "operators remove",
  description: "Take the operator's pages from somebody",
  args: emailWord,
  run: ({ email }, { database }) => mark(database, email, false),
});

export const operatorsList = operatorCommand({
  name: "operators list",
  description: "List who sees the operator's pages",
  args: {},
  async run(_args, { database }) {
    const operators = (await listOperators(database)).map(({ id, email, name, twoFactorEnabled, createdAt }) => ({
      id: publicId("user", id),
      ...{ email, name, hasTwoFactor: twoFactorEnabled },
      createdAt: createdAt.toISOString(),
    }));
    const rows = operators.map(({ email, name, hasTwoFactor, createdAt }) => [
      ...[email, name, hasTwoFactor ? "on" : "off"],
      shortTime(createdAt),
    ]);
    const headings = ["email", "name", "second factor", "signed up"];
    return { data: operators, text: table(headings, rows, "There are no operators yet: operators add EMAIL.") };
  },
});

async function mark(database: Database, given: string, operator: boolean): Promise<Answer> {
  const { email } = readOptions(z.object({ email: signInAddress }), { email: given });
  const { user, changed } = await markOperator(database, email, operator).catch((error: unknown) => {
    if (!(error instanceof Refusal && error.code === "not_found")) throw error;
    const hint = "They sign up in the console first, or you make them with: users add";
    throw new Refusal("not_found", `${error.message} ${hint} ${email} --name "Their name"`, { cause: error });
  });
  const action = operator ? "operator.added" : "operator.removed";
  if (changed) await writeAudit(database, { ...commandLine, tenantId: null, action, target: email });
  const state = operator ? "an operator" : "no operator";
  const text = `${email} is ${state}${changed ? " from now on" : " already"}.`;
  return { data: { id: publicId("user", user.id), email, operator }, text };
}
