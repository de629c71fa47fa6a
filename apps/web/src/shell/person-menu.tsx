"use client";

import { LogOut, ServerCog, UserRound } from "lucide-react";
import { Avatar } from "../ui/avatar";
import { Menu, MenuGroup, MenuItem, MenuLink, MenuSeparator } from "../ui/menu";
import { signOut } from "./sign-out";

/** What belongs to the person rather than to a tenant. */
export function PersonMenu({ person }: { person: { name: string; email: string; isOperator: boolean } }) {
  return (
    <Menu
      trigger={
        <button type="button" aria-label={`${person.name}: your account`} className="cursor-pointer rounded-full">
          <Avatar name={person.name} />
        </button>
      }
    >
      <MenuGroup label={person.email}>
        <MenuLink href="/account" icon={<UserRound aria-hidden />}>
          Your account
        </MenuLink>
        {person.isOperator && (
          <MenuLink href="/operator" icon={<ServerCog aria-hidden />}>
            Operator
          </MenuLink>
        )}
      </MenuGroup>
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
