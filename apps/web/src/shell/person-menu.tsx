"use client";

import { Keyboard, LogOut, ServerCog, UserRound } from "lucide-react";
import { useState } from "react";
import { Avatar } from "../ui/avatar";
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuLink, MenuSeparator } from "../ui/menu";
import { applyTheme, type Theme, themeOf } from "../ui/theme";
import { signOut } from "./sign-out";

export interface PersonMenuProps {
  person: { name: string; email: string; isOperator: boolean };
  /** Shows the keys, on pages that know some. */
  onKeys?: (() => void) | undefined;
}

/** What belongs to the person rather than to a tenant. */
export function PersonMenu({ person, onKeys }: PersonMenuProps) {
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
      <ThemeChoice />
      <MenuSeparator />
      {onKeys && (
        <MenuItem icon={<Keyboard aria-hidden />} shortcut="?" onSelect={onKeys}>
          Keys
        </MenuItem>
      )}
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

const themeOptions = [
  { value: "system", label: "As the device" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

/** Drawn only once the menu is open: the page itself then says which theme it has. */
function ThemeChoice() {
  const [theme, setTheme] = useState(() => themeOf(document.documentElement.dataset.theme));
  function choose(next: Theme) {
    setTheme(next);
    applyTheme(next);
  }
  return <MenuChoice label="Theme" options={themeOptions} value={theme} onValueChange={choose} />;
}
