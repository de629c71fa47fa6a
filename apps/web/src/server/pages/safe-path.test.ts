import { expect, test } from "vitest";
import { safePath } from "./safe-path";

test("goes on to a path of this site", () => {
  expect(safePath("/acme/messages?status=FAILED#top")).toBe("/acme/messages?status=FAILED#top");
});

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
  "",
  undefined,
  ["/acme", "//evil.example"],
])("leads nowhere else: %j", (wanted) => {
  expect(safePath(wanted)).toBe("/start");
});
