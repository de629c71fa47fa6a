import { newUuid } from "@tidings/shared/ids";
import { cache } from "react";
import { type Auth, auth } from "./auth/auth";
import { visitorAddress } from "./auth/visitor-address";
import { type House, house } from "./house";

/** Who is signed in, in this browser. */
export type SignedIn = NonNullable<Awaited<ReturnType<Auth["api"]["getSession"]>>>;

/** What procedures are given. */
export interface Context {
  house: House;
  headers: Headers;
  /** Who asks; null when nobody is signed in. Looked up once per request. */
  signedIn(): Promise<SignedIn | null>;
  /** Where the request came from, for the audit log. */
  origin: { ipAddress: string | null; userAgent: string | null; requestId: string };
}

/** The context of a request. Server components of one request share it. */
export const createContext = cache((headers: Headers): Context => {
  let session: Promise<SignedIn | null> | undefined;
  const opened = house();
  return {
    house: opened,
    headers,
    signedIn: () => {
      session ??= auth().api.getSession({ headers });
      return session;
    },
    origin: {
      ipAddress: visitorAddress(headers, opened.settings.TRUSTED_PROXIES),
      userAgent: headers.get("user-agent"),
      requestId: `req_${newUuid()}`,
    },
  };
});
