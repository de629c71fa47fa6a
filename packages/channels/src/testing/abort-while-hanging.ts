import { expect, vi } from "vitest";
import type { SendOutcome } from "../provider";

/** Sends to a fake that does not answer, and aborts once it was asked. */
export async function abortWhileHanging(
  script: { next(times: number, fault: "hang"): void; take(): unknown },
  send: (signal: AbortSignal) => Promise<SendOutcome>,
): Promise<SendOutcome> {
  const controller = new AbortController();
  const take = vi.spyOn(script, "take");
  script.next(1, "hang");
  const sending = send(controller.signal);
  await vi.waitFor(() => expect(take).toHaveBeenCalled());
  controller.abort();
  return await sending;
}
