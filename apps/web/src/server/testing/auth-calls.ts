import { TRPCError } from "@trpc/server";
import { createCaller } from "../app-router";
import { createAuth } from "../auth/auth";
import { withWait } from "../auth/slowed";
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
    async post(path: string, body: unknown, cookie = ""): Promise<Response> {
      visitors += 1;
      const from = { origin: "http://console.test", [addressHeader]: `192.0.2.${visitors}` }; // each has limits of its own
      const headers = { "content-type": "application/json", cookie, ...from };
      const url = `http://console.test/api/auth${path}`;
      return withWait(await auth.handler(new Request(url, { method: "POST", headers, body: JSON.stringify(body) })));
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
