"use client";

import type { Mode } from "@tidings/shared/modes";
import { type Action, can, may, type Role, roles } from "@tidings/shared/roles";
import { createContext, type ReactNode, useContext } from "react";
import { ForbiddenState } from "../ui/forbidden-state";

/** Where in the console one is, and as whom. */
export interface TenantPlace {
  slug: string;
  name: string;
  plan: string;
  mode: Mode;
  role: Role;
  /** Set for an operator who is not of the team and looks in for a while. */
  visit: { reason: string; until: string } | null;
  /** The API's address, for samples. */
  apiUrl: string;
  /** The local mailbox's page, where there is one. */
  mailboxUrl: string | null;
  person: { name: string; email: string; isVerified: boolean; isOperator: boolean; mayFoundTenants: boolean };
  /** All of the person's tenants. */
  tenants: readonly { slug: string; name: string; role: Role }[];
}

const PlaceContext = createContext<TenantPlace | null>(null);

/** Everything inside is about one tenant, in one mode. */
export function TenantProvider({ place, children }: { place: TenantPlace; children: ReactNode }) {
  return <PlaceContext value={place}>{children}</PlaceContext>;
}

/** The tenant around a component. `input` begins the input of every procedure of a tenant; `can` asks for the role. */
export function useTenant() {
  const place = useContext(PlaceContext);
  if (!place) throw new Error("useTenant is for components inside a TenantProvider");
  return {
    ...place,
    input: { tenant: place.slug, mode: place.mode },
    can: (action: Action) => may(place, action),
    /** An address inside the tenant: `href("keys")`. */
    href: (path: string) => `/${place.slug}${path && `/${path}`}`,
  };
}

/** Shows its children to those whose role allows an action; to others, who could. */
export function Allowed({ action, to, children }: { action: Action; to: string; children: ReactNode }) {
  const tenant = useTenant();
  if (tenant.can(action)) return children;
  return <ForbiddenState action={to} roles={roles.filter((role) => can(role, action))} />;
}
