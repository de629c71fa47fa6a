import { createSmtpFake, type SmtpFault } from "@tidings/tests/fakes/smtp-fake";
import { expect, vi } from "vitest";
import type { Failure, OtherSide } from "./other-side";

export async function smtpSide(): Promise<OtherSide> {
  const fake = await createSmtpFake();
  const replies: Record<Failure, SmtpFault["reply"]> = {
    hang: "hang",
    reset: "reset",
    throttled: [450, "4.7.1 too many messages"],
    unavailable: [421, "4.3.2 shutting down"],
    refused: [550, "5.7.1 refused"],
  };
  return {
    config: { host: "127.0.0.1", port: fake.port, from: "hello@acme.test" },
    fail: (failure) => void fake.script.next(1, { at: "message", reply: replies[failure] }),
    hangs: () => vi.waitFor(() => expect(fake.hanging).toBeGreaterThan(0)),
    close: fake.close,
  };
}
