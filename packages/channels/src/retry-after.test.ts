import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after";

const now = Date.parse("Wed, 21 Oct 2026 07:28:00 GMT");

test.each([
  ["30", 30_000],
  ["0", 0],
  [["7", "9"], 7_000],
  ["Wed, 21 Oct 2026 07:28:05 GMT", 5_000],
  ["Wed, 21 Oct 2026 07:27:00 GMT", 0],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["", undefined],
  [undefined, undefined],
])("reads Retry-After %j as %s ms", (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});
