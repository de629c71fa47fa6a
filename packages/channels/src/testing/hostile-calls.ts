import type { VendorCall } from "@tidings/tests/fakes/vendor-call";

/** What a stranger makes of a vendor's call; none of it may be believed, and none may throw. */
export function hostileCalls(good: VendorCall): [string, VendorCall][] {
  const { headers } = good;
  const unsigned = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/signature|authorization/.test(name)),
  );
  const garbled = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /signature$|authorization|-256$|-v\d$/.test(name) ? `x${value}` : value,
    ]),
  );
  return [
    ["unsigned", { ...good, headers: unsigned }],
    ["with a garbled signature", { ...good, headers: garbled }],
    [
      "with an empty signature",
      { ...good, headers: Object.fromEntries(Object.keys(headers).map((name) => [name, ""])) },
    ],
    ["truncated", { ...good, body: good.body.subarray(0, good.body.length - 3) }],
    ["with a changed body", { ...good, body: Buffer.concat([good.body, Buffer.from(" ")]) }],
    ["without a body", { ...good, body: Buffer.alloc(0) }],
    ["with 5 MB of a body", { ...good, body: Buffer.alloc(5_000_000, "a=b&") }],
    ["with bytes that are no text", { ...good, body: Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]) }],
    ["with another content type", { ...good, headers: { ...unsigned, "content-type": "multipart/form-data" } }],
  ];
}
