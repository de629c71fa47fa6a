import { newUuid, publicId } from "@tidings/shared/ids";
import { type Mode, modes } from "@tidings/shared/modes";
import { TRPCError } from "@trpc/server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestConsole, type TestConsole, type TestPerson } from "./testing/test-console";
import { wordsOf } from "./trpc";

let console: TestConsole;
let founder: TestPerson;
let tenant: { id: string; slug: string };
beforeAll(async () => {
  console = await openTestConsole();
  founder = await console.person({ emailVerified: false });
  tenant = await console.tenant([[founder, "owner"]]);
});
afterAll(() => console?.close());

const place = (mode: Mode) => ({ tenant: tenant.slug, mode });
const caller = () => console.as(founder);
const key = { name: "Backend", scopes: ["send" as const], expiresAt: null };
const message = {
  channel: "email",
  recipient: { email: "ann@example.com" },
  content: { subject: "Hi", text: "Hi" },
};

/** The code that a call is refused with; null when it is not. */
async function refusal(calling: Promise<unknown>): Promise<string | null> {
  try {
    await calling;
    return null;
  } catch (error) {
    if (error instanceof TRPCError) return wordsOf(error).code;
    throw error;
  }
}

async function addMessage(mode: Mode) {
  const id = newUuid();
  const facts = { addresses: { email: "ann@example.com" }, channels: ["email"], content: { email: message.content } };
  const state = { status: "SENT" as const, priority: 2, bulk: false, requestId: "req_1" };
  const now = new Date();
  const data = { id, tenantId: tenant.id, mode, ...facts, ...state, createdAt: now, settledAt: now };
  await console.database.notification.create({ data });
  return publicId("notification", id);
}

describe("somebody who has not confirmed their address", () => {
  const thing = { id: publicId("account", newUuid()) };
  const calls: Record<string, (mode: Mode) => Promise<unknown>> = {
    "messages.send": (mode) => caller().messages.send({ ...place(mode), request: message }),
    "templates.sendTest": (mode) =>
      caller().templates.sendTest({
        ...place(mode),
        key: "none",
        channel: "email",
        to: { address: "a@b.c" },
        data: {},
      }),
    "keys.create": (mode) => caller().keys.create({ ...place(mode), ...key }),
    "webhooks.test": (mode) =>
      caller().webhooks.test({ ...place(mode), id: publicId("endpoint", newUuid()), type: "delivery.sent" }),
    "providers.test": (mode) => caller().providers.test({ ...place(mode), ...thing, channel: "email", to: "a@b.c" }),
  };

  it.each(Object.entries(calls))("is refused %s in live mode", async (_path, call) => {
    expect(await refusal(call("live"))).toBe("address_unconfirmed");
  });

  it("sends and makes keys in test mode", async () => {
    expect(await refusal(caller().messages.send({ ...place("test"), request: message }))).toBeNull();
    expect(await refusal(caller().keys.create({ ...place("test"), ...key }))).toBeNull();
  });

  it("tries no provider account from test mode either: that sends for real", async () => {
    expect(await refusal(calls["providers.test"]?.("test") ?? Promise.resolve())).toBe("address_unconfirmed");
  });

  it("invites nobody, in either mode", async () => {
    const invitation = { email: "bo@example.com", role: "viewer" as const };
    const data = { ...invitation, id: newUuid(), tenantId: tenant.id, inviterId: founder.id, tokenHash: newUuid() };
    const { id } = await console.database.invitation.create({
      data: { ...data, expiresAt: new Date(Date.now() + 60_000) },
    });
    for (const mode of modes) {
      expect(await refusal(caller().team.invite({ ...place(mode), ...invitation }))).toBe("address_unconfirmed");
      const resending = caller().team.resendInvitation({ ...place(mode), id: publicId("invitation", id) });
      expect(await refusal(resending)).toBe("address_unconfirmed");
    }
  });

  it("sends no live message again from test mode, and a test message from either", async () => {
    const [live, test] = [await addMessage("live"), await addMessage("test")];
    expect(await refusal(caller().messages.resend({ ...place("test"), id: live }))).toBe("address_unconfirmed");
    expect(await refusal(caller().messages.resend({ ...place("live"), id: test }))).toBeNull();
  });
});

it("who has confirmed it sends in live mode", async () => {
  const colleague = await console.person();
  const other = await console.tenant([[colleague, "owner"]]);
  const sending = console.as(colleague).messages.send({ tenant: other.slug, mode: "live", request: message });
  expect(await refusal(sending)).toBeNull();
});
