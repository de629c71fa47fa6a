import { setTimeout as sleep } from "node:timers/promises";
import { createResendAccounts } from "../../load/resend-accounts";
import type { System } from "../../load/system";
import type { Fault } from "../fault";
import { between } from "../random";
import { crash } from "../take-away";

const kills = 6;
/** How far apart they are: the next worker has begun to send by then. */
const [leastPauseMs, mostPauseMs] = [3_000, 7_000];

/** With whoever drops a repeated key nothing comes twice, and nothing needs to be given up: not even bulk. */
export const idempotencyFaults: readonly Fault[] = [
  {
    name: "worker-killed-idempotent",
    does: `kill -9 of both workers in turn, ${kills} times, as they send by a provider that takes an idempotency key`,
    lastsSeconds: 30,
    channels: ["email", "in_app"],
    async equip(system, tenantIds) {
      await system.sink.ask("clear");
      await createResendAccounts(system, tenantIds);
    },
    async strike({ system: { stack }, random }) {
      const { worker, urgentWorker } = stack.processes;
      for (let kill = 0; kill < kills; kill += 1) {
        crash(kill % 2 === 0 ? worker : urgentWorker);
        await sleep(between(random, leastPauseMs, mostPauseMs));
      }
    },
    verify: expectEachOnce,
  },
];

/** What the provider was given twice reached nobody twice, and all of it was sent in the end. */
async function expectEachOnce({ database, sink }: System, tenantIds: string[]): Promise<string> {
  const where = { tenantId: { in: tenantIds }, status: { notIn: ["SENT", "DELIVERED"] } };
  const unsent = await database.delivery.groupBy({ by: ["channel", "status", "reason"], where, _count: true });
  if (unsent.length > 0) throw new Error(`deliveries that were not sent: ${JSON.stringify(unsent)}`);
  const { addresses, total, withheld } = await sink.ask("report");
  const twice = total - new Set(addresses).size; // by whom they were for: a key that changed would tell nothing
  if (twice > 0) throw new Error(`${twice} mails reached people twice`);
  if (withheld === 0) throw new Error("nothing was sent again: no kill cut a send off");
  return `of ${total + withheld} mails that the provider took, ${withheld} came again and were told by their keys; ${total} reached people, each once`;
}
