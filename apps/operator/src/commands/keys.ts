import { rotateSecrets } from "@tidings/core/secrets/rotate-secrets";
import { operatorCommand } from "../operator-command";
import { table } from "../table";

export const keysRotate = operatorCommand({
  name: "keys rotate",
  description: "Seal every stored secret with the current TIDINGS_SECRET; safe to repeat, and while Tidings runs",
  args: {},
  async run(_args, { database, sealer, logger }) {
    const rotations = await rotateSecrets({ database, sealer, logger });
    const rows = rotations.map(({ column, ...counts }) => [
      column,
      ...[counts.renewed, counts.current, counts.unreadable].map(String),
    ]);
    const unreadable = rotations.reduce((sum, rotation) => sum + rotation.unreadable, 0);
    const verdict =
      unreadable === 0
        ? "Nothing is sealed with an older secret any more."
        : `${unreadable} could not be opened: add the secret they were sealed with to TIDINGS_PREVIOUS_SECRETS.`;
    const headings = ["column", "sealed anew", "were current", "unreadable"];
    return { data: rotations, text: `${table(headings, rows, "")}\n\n${verdict}` };
  },
});
