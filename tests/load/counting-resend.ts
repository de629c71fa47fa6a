import { setTimeout as sleep } from "node:timers/promises";
import { type HttpFake, listenHttp } from "../fakes/http-fake";
import { resendProtocol } from "../fakes/resend-fake";
import type { Ledger } from "./ledger";

/** From when a mail is taken until its sender hears of it, as far away as such a provider is: some are always between the two. */
const answersAfterMs = 100;

/** Resend, which sends a mail once however often its idempotency key comes: it enters recipient and key of each it sends. */
export async function startCountingResend(ledger: Ledger): Promise<HttpFake> {
  const protocol = resendProtocol({
    onMessage: ({ to, idempotencyKey }) => ledger.enter(to, idempotencyKey),
    onRepeat: () => ledger.withhold(),
  });
  return await listenHttp({
    ...protocol,
    async answer(request) {
      const answer = await protocol.answer(request);
      await sleep(answersAfterMs);
      return answer;
    },
  });
}
