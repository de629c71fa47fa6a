import { type Membership, membershipsOf } from "@tidings/core/team/memberships-of";
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
  /** The tenants a person is in. Looked up once per request. */
  membershipsOf(userId: string): Promise<Membership[]>;
  /** Where the request came from, for the audit log. */
  origin: { ipAddress: string | null; userAgent: string | null; requestId: string };
}

/** The context of a request. Server components of one request share it. */
export const createContext = cache((headers: Headers) =>
  contextOf(house(), headers, () => auth().api.getSession({ headers })),
);

/** @param findSession asked at most once */
export function contextOf(house: House, headers: Headers, findSession: () => Promise<SignedIn | null>): Context {
  let session: Promise<SignedIn | null> | undefined;
  const memberships = new Map<string, Promise<Membership[]>>();
  return {
    house,
    headers,
    signedIn: () => {
      session ??= findSession();
      return session;
    },
    membershipsOf: (userId) => {
      const known = memberships.get(userId) ?? membershipsOf(house.database, userId);
      memberships.set(userId, known);
      return known;
    },
    origin: {
      ipAddress: visitorAddress(headers, house.settings.TRUSTED_PROXIES),
      userAgent: headers.get("user-agent"),
      requestId: `req_${newUuid()}`,
    },
  };
}
