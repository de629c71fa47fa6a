import type { Outgoing, SendOutcome } from "@tidings/channels/provider";
import { expect, test, vi } from "vitest";
import { sendTogether } from "./send-together";

/** A provider that keeps its calls until they are answered or aborted. */
function start(max = 500) {
  const calls: { ids: string[]; signal: AbortSignal; answer(): void }[] = [];
  const failed = (signal: AbortSignal): SendOutcome => ({
    ...{ kind: "deferred", reason: String(signal.reason), ambiguous: true },
  });
  const account = sendTogether({
    send: () => Promise.reject(new Error("one by one")),
    many: {
      max,
      send: (outgoing: readonly Outgoing[], signal) =>
        new Promise((resolve) => {
          const ids = outgoing.map(({ options }) => options.idempotencyKey);
          const answer = () => resolve(ids.map((id) => ({ kind: "sent" as const, providerMessageId: id })));
          signal.addEventListener("abort", () => resolve(ids.map(() => failed(signal))));
          calls.push({ ids, signal, answer });
        }),
    },
  });
  const send = (id: string, signal: AbortSignal) =>
    account.send(
      { channel: "email", to: `${id}@example.com`, content: {} },
      { idempotencyKey: id, attempt: 1, signal },
    );
  return { calls, send };
}
const called = async (calls: readonly unknown[], times: number) =>
  await vi.waitFor(() => expect(calls).toHaveLength(times), { interval: 5 });
const sentAs = (id: string) => ({ kind: "sent", providerMessageId: id });
const never = new AbortController().signal;

test("what is sent at the same time shares a call, up to what the provider takes, and each gets its own outcome", async () => {
  const { calls, send } = start(2);
  const sending = Promise.all(["a", "b", "c"].map((id) => send(id, never)));
  await called(calls, 2);
  expect(calls.map(({ ids }) => ids)).toEqual([["a", "b"], ["c"]]);
  for (const { answer } of calls) answer();
  expect(await sending).toEqual(["a", "b", "c"].map(sentAs));
});

test("a message that runs out of time leaves the others to theirs", async () => {
  const { calls, send } = start();
  const first = new AbortController();
  const sending = [send("a", first.signal), send("b", never)];
  await called(calls, 1);
  first.abort();
  expect(await sending[0]).toMatchObject({ kind: "deferred", ambiguous: true });
  expect(calls[0]?.signal.aborted).toBe(false);
  calls[0]?.answer();
  expect(await sending[1]).toEqual(sentAs("b"));
});

test("a call that nobody waits for any more is broken off", async () => {
  const { calls, send } = start();
  const controllers = [new AbortController(), new AbortController()];
  const sending = controllers.map(({ signal }, index) => send(String(index), signal));
  await called(calls, 1);
  for (const controller of controllers) controller.abort();
  expect((await Promise.all(sending)).map(({ kind }) => kind)).toEqual(["deferred", "deferred"]);
  expect(calls[0]?.signal.aborted).toBe(true);
});

test("what ran out of time before its call is certain not to be sent", async () => {
  const { calls, send } = start();
  const late = new AbortController();
  const sending = [send("a", late.signal), send("b", never)];
  late.abort();
  expect(await sending[0]).toMatchObject({ kind: "busy" });
  await called(calls, 1);
  expect(calls[0]?.ids).toEqual(["b"]);
  calls[0]?.answer();
  expect(await sending[1]).toEqual(sentAs("b"));
});
