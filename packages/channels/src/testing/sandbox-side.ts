import { type Failure, nothing, type OtherSide } from "./other-side";

export async function sandboxSide(): Promise<OtherSide> {
  const words: Record<Failure, string> = {
    hang: "slow",
    reset: "timeout",
    throttled: "throttled",
    unavailable: "unavailable",
    refused: "rejected",
  };
  return { ...nothing, fail: (failure) => `${words[failure]}@example.com` };
}
