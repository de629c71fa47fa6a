import type { LookupFunction } from "node:net";
import { Refusal } from "@tidings/shared/refusals";
import { describe, expect, it, test } from "vitest";
import { type CheckUrl, createCheckUrl } from "./check-url";

/** Every name has these addresses; none stands for a name that does not exist. */
const dnsThatAnswers =
  (...addresses: string[]): LookupFunction =>
  (hostname, _options, callback) => {
    if (addresses.length === 0)
      return callback(Object.assign(new Error(`ENOTFOUND ${hostname}`), { code: "ENOTFOUND" }), []);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };

const publicDns = dnsThatAnswers("93.184.216.34");

async function faultOf(check: CheckUrl, url: string, mode: "live" | "test" = "live"): Promise<string | null> {
  try {
    await check(url, mode);
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.code).toBe("invalid_body");
    expect(error.faults).toEqual([{ pointer: "/url", message: expect.any(String) }]);
    return error.faults[0]?.message ?? "";
  }
}

describe("a URL that is saved", () => {
  const check = createCheckUrl([], publicDns);

  test.each([
    ["loopback", "https://127.0.0.1/", "not a public address"],
    ["loopback v6", "https://[::1]/", "not a public address"],
    ["private", "https://10.0.0.1/", "not a public address"],
    ["link-local", "https://169.254.1.1/", "not a public address"],
    ["metadata", "https://169.254.169.254/latest/meta-data", "not a public address"],
    ["metadata v6", "https://[fd00:ec2::254]/", "not a public address"],
    ["CGNAT", "https://100.64.0.1/", "not a public address"],
    ["v4-mapped", "https://[::ffff:127.0.0.1]/", "not a public address"],
    ["NAT64", "https://[64:ff9b::7f00:1]/", "not a public address"],
    ["6to4", "https://[2002:7f00:1::]/", "not a public address"],
    ["a decimal literal", "https://2130706433/", "not a public address"],
    ["a hex literal", "https://0x7f000001/", "not a public address"],
    ["an octal literal", "https://0177.0.0.1/", "not a public address"],
    ["a short form", "https://127.1/", "not a public address"],
    ["unspecified", "https://0.0.0.0/", "not a public address"],
    ["credentials", "https://user:secret@example.com/", "credentials"],
    ["another protocol", "ftp://example.com/", "not an http or https URL"],
    ["a script", "javascript:alert(1)", "not an http or https URL"],
    ["no URL", "example.com/hook", "not an http or https URL"],
  ])("is refused when it is %s: %s", async (_, url, words) => {
    expect(await faultOf(check, url)).toContain(words);
    expect(await faultOf(check, url, "test")).toContain(words);
  });

  test.each([
    ["a private address", ["10.1.2.3"]],
    ["the metadata service", ["169.254.169.254"]],
    ["a v4-mapped loopback address", ["::ffff:127.0.0.1"]],
    ["a public and a private address", ["93.184.216.34", "10.0.0.1"]],
  ])("is refused when its name leads to %s", async (_, addresses) => {
    const fault = await faultOf(createCheckUrl([], dnsThatAnswers(...addresses)), "https://hook.test/");
    expect(fault).toBe("hook.test resolves to an address that is not public");
  });

  it("is refused when its name does not exist", async () => {
    expect(await faultOf(createCheckUrl([], dnsThatAnswers()), "https://hook.test/")).toBe(
      "hook.test could not be resolved",
    );
  });

  it("passes when it is public", async () => {
    expect(await faultOf(check, "https://example.com/hook?a=b")).toBeNull();
    expect(await faultOf(check, "https://[2606:2800:220:1:248:1893:25c8:1946]/")).toBeNull();
  });

  it("needs https in live mode", async () => {
    expect(await faultOf(check, "http://example.com/")).toBe("live reports need an https URL");
    expect(await faultOf(check, "http://example.com/", "test")).toBeNull();
  });
});

describe("a range the operator allowed", () => {
  const check = createCheckUrl(["10.1.0.0/16"], dnsThatAnswers("10.1.2.3"));

  it("is reached in both modes, with https or without", async () => {
    for (const url of ["http://10.1.0.1/", "https://10.1.0.1/", "http://hook.internal/"]) {
      expect(await faultOf(check, url)).toBeNull();
      expect(await faultOf(check, url, "test")).toBeNull();
    }
  });

  it("allows nothing beside it", async () => {
    expect(await faultOf(check, "http://10.2.0.1/")).toContain("not a public address");
  });
});
