import { createHmac } from "node:crypto";
import { TRPCError } from "@trpc/server";
import { createCaller } from "../app-router";
import { createAuth } from "../auth/auth";
import { addressHeader } from "../auth/visitor-address";
import { contextOf } from "../context";
import type { TestConsole } from "./test-console";

/** The auth of a console, called over HTTP as browsers do. */
export function authCalls({ house }: TestConsole) {
  const auth = createAuth(house);
  let visitors = 0;

  return {
    auth,
    /** @param cookie what the browser keeps */
    post(path: string, body: unknown, cookie = ""): Promise<Response> {
      visitors += 1;
      const from = { origin: "http://console.test", [addressHeader]: `192.0.2.${visitors}` }; // each has limits of its own
      const headers = { "content-type": "application/json", cookie, ...from };
      const url = `http://console.test/api/auth${path}`;
      return auth.handler(new Request(url, { method: "POST", headers, body: JSON.stringify(body) }));
    },
    /** Why a tenant does not let somebody in; null when it does. */
    async refusal(tenant: string, cookie: string): Promise<string | null> {
      const headers = new Headers({ cookie });
      const context = contextOf(house, headers, () => auth.api.getSession({ headers }));
      try {
        await createCaller(context).settings.get({ tenant, mode: "live" });
        return null;
      } catch (error) {
        if (error instanceof TRPCError) return error.message;
        throw error;
      }
    },
  };
}

/** What a browser keeps of an answer. */
export const cookieOf = ({ headers }: Pick<Response, "headers">): string =>
  headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");

/** The code that an authenticator app shows now, RFC 6238. @param uri what it was given */
export function totp(uri: string): string {
  const key = new URL(uri).searchParams.get("secret") ?? "";
  const bits = [...key].map((letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  const bytes = bits.join("").match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const secret = Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, "0");
}
