import { NextRequest } from "next/server";
import { expect, test } from "vitest";
import { proxy } from "./proxy";

function policyOf(response: Response): string {
  return response.headers.get("content-security-policy") ?? "";
}

test("every answer has a policy with a nonce of its own, and no inline script or style passes without it", () => {
  const [first, second] = [1, 2].map(() => policyOf(proxy(new NextRequest("http://console.test/"))));

  expect(first).toMatch(/script-src 'self' 'nonce-[\w-]{36}' 'strict-dynamic';/);
  expect(first).not.toBe(second);
  expect(first).not.toContain("unsafe");
});

test("the page being rendered is given the nonce that the browser will demand", () => {
  const response = proxy(new NextRequest("http://console.test/"));

  expect(response.headers.get("x-middleware-request-content-security-policy")).toBe(policyOf(response));
});
