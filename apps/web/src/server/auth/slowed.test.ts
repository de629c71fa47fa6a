import { expect, it } from "vitest";
import { waitWords, withWait } from "./slowed";

const slowed = (
  headers: Record<string, string>,
  body: string = JSON.stringify({ message: "Later.", code: "LOCKED" }),
) => new Response(body, { status: 429, headers });

it.each([
  [{ "x-retry-after": "40" }, "40", "Too many tries. Wait 40 seconds, then try again."],
  [{ "x-retry-after": "841" }, "841", "Too many tries. Wait 15 minutes, then try again."],
  [{}, "900", "Too many tries. Wait up to 15 minutes, then try again."],
])("an answer that slows down with %j says for how long", async (headers, seconds, message) => {
  const answer = await withWait(slowed(headers));
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, seconds]);
  expect(await answer.json()).toEqual({ code: "LOCKED", message });
});

it("says it also where the answer was no JSON", async () => {
  expect(await (await withWait(slowed({}, "<html>"))).json()).toEqual({
    message: expect.stringContaining("15 minutes"),
  });
});

it("leaves alone an answer that says it already, and every other", async () => {
  for (const answer of [slowed({ "retry-after": "7" }), new Response("{}", { status: 401 })])
    expect(await withWait(answer)).toBe(answer);
});

it.each([
  [0, "1 second"],
  [1, "1 second"],
  [60, "60 seconds"],
  [61, "2 minutes"],
  [900, "15 minutes"],
])("%i seconds are %s", (seconds, words) => {
  expect(waitWords(seconds)).toBe(words);
});
