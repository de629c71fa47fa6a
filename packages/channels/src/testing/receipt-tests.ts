import type { MailEvent, ToldMail } from "@tidings/tests/fakes/mail-event";
import type { VendorCall } from "@tidings/tests/fakes/vendor-call";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Provider } from "../provider";
import type { ReceiptReading } from "../receipt";

/** An account whose receipts a test can make as its vendor does. */
export interface SignedAccount {
  config: unknown;
  /** A call that carries this payload, signed. */
  sign(payload: unknown, options?: { atMs?: number }): VendorCall;
  /** An event in the vendor's words. */
  event(event: MailEvent, mail: ToldMail): unknown;
  close?(): Promise<void>;
}

export interface ReceiptTests {
  provider: Provider;
  account(): Promise<SignedAccount>;
  /** What the vendor can tell. */
  events: readonly MailEvent[];
  /** A well-signed call that somebody changed. */
  forge(call: VendorCall): VendorCall;
  /** The settings without which no receipts are taken. */
  needs: readonly string[];
  /** The age at which a signature is too old, in milliseconds; absent where the vendor signs no time. */
  staleMs?: number;
}

const mail = { id: "msg-0001", to: "Bob@EXAMPLE.com" };

/** The tests that the receipts of every email API must pass. */
export function testReceipts({ provider, account, events, forge, needs, staleMs }: ReceiptTests): void {
  let at: SignedAccount;
  beforeAll(async () => {
    at = await account();
  });
  afterAll(async () => at.close?.());

  function read(call: VendorCall, without: readonly string[] = []): Promise<ReceiptReading> {
    const entries = Object.entries(at.config as object).filter(([name]) => !without.includes(name));
    const config = provider.config.parse(Object.fromEntries(entries));
    const reading = provider.receipts?.read(call, config, { outboundAllow: ["127.0.0.0/8"] });
    return reading ?? Promise.reject(new Error("the provider reads no receipts"));
  }
  const delivered = () => at.sign(at.event("delivered", mail));

  test.each(events)("a receipt tells that a mail was %s, the same when it is told again", async (event) => {
    const call = at.sign(at.event(event, mail));
    const reading = await read(call);
    expect(reading).toMatchObject({
      kind: "receipts",
      receipts: [
        expect.objectContaining({
          kind: event,
          providerMessageId: mail.id,
          address: "Bob@example.com",
          at: expect.stringMatching(/^2026-05-01T12:00:00\.\d{3}Z$/),
          eventId: expect.stringMatching(/./),
        }),
      ],
    });
    expect(await read(call)).toEqual(reading);
  });

  test("a bounce carries the provider's words, a click its link", async () => {
    const bounced = await read(at.sign(at.event("bounced_hard", mail)));
    expect(bounced).toMatchObject({ receipts: [{ reason: expect.stringContaining("unknown") }] });
    const clicked = await read(at.sign(at.event("clicked", mail)));
    expect(clicked).toMatchObject({ receipts: [{ url: "https://acme.test/offer" }] });
  });

  test("each event has an id of its own", async () => {
    const ids = new Set<string>();
    for (const event of events) {
      const reading = await read(at.sign(at.event(event, mail)));
      if (reading.kind === "receipts") for (const { eventId } of reading.receipts) ids.add(eventId);
    }
    expect(ids.size).toBe(events.length);
  });

  test("what is no outcome, or nothing we know, is left out", async () => {
    const none = { kind: "receipts", receipts: [] };
    expect(await read(at.sign(at.event("delayed", mail)))).toMatchObject(none);
  });

  test("a call that was changed, or signed by another, is forged", async () => {
    expect(await read(forge(delivered()))).toMatchObject({ kind: "forged", reason: expect.stringMatching(/./) });
    const bare = { ...delivered(), headers: {}, body: Buffer.from("{}") };
    expect(await read(bare)).toMatchObject({ kind: "forged" });
    expect(await read(delivered())).toMatchObject({ kind: "receipts" });
  });

  test("an account that has nothing to verify with takes none", async () => {
    expect(await read(delivered(), needs)).toMatchObject({ kind: "forged", reason: expect.stringContaining("has no") });
  });

  test("a body cut short, of five megabytes, or no text at all is answered, not thrown", async () => {
    const call = delivered();
    const bodies = [
      call.body.subarray(0, call.body.length / 2),
      Buffer.alloc(5_000_000, "["),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.alloc(0),
    ];
    for (const body of bodies) {
      expect(["forged", "unreadable"]).toContain((await read({ ...call, body })).kind);
    }
  });

  test.each([[null], [{}], [[]], ["text"], [{ type: 7, event: {}, RecordType: [] }]])(
    "signed well but meaningless, %j yields no receipts",
    async (payload) => {
      const reading = await read(at.sign(payload));
      if (reading.kind === "receipts") expect(reading.receipts).toEqual([]);
      else expect(reading.kind).toBe("unreadable");
    },
  );

  if (staleMs === undefined) return;
  test("a signature that is too old, or from the future, is refused", async () => {
    const event = at.event("delivered", mail);
    for (const atMs of [Date.now() - staleMs, Date.now() + staleMs]) {
      expect(await read(at.sign(event, { atMs }))).toMatchObject({ kind: "forged" });
    }
    const fresh = Date.now() - 0.9 * staleMs;
    expect(await read(at.sign(event, { atMs: fresh }))).toMatchObject({ kind: "receipts" });
  });
}
