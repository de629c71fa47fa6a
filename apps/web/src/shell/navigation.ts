import type { Action } from "@tidings/shared/roles";
import {
  Ban,
  BarChart3,
  CreditCard,
  FileText,
  House,
  KeyRound,
  type LucideIcon,
  Plug,
  Send,
  Settings,
  Users,
  Webhook,
} from "lucide-react";

/** A page of the console. */
export interface NavigationPage {
  /** After the tenant's slug; empty for the overview. */
  path: string;
  name: string;
  icon: LucideIcon;
  action: Action;
  /** Pressed after `g`. */
  letter: string;
  /** Other words people look for it by. */
  words?: string;
}

/** Every page of a tenant, in the order of the sidebar. */
export const navigation: readonly { label: string; pages: readonly NavigationPage[] }[] = [
  {
    label: "Messages",
    pages: [
      { path: "", name: "Overview", icon: House, action: "messages.read", letter: "o", words: "home start" },
      {
        path: "messages",
        name: "Messages",
        icon: Send,
        action: "messages.read",
        letter: "m",
        words: "logs notifications",
      },
      { path: "templates", name: "Templates", icon: FileText, action: "templates.read", letter: "t" },
      { path: "recipients", name: "Recipients", icon: Users, action: "recipients.read", letter: "r", words: "people" },
      {
        path: "suppressions",
        name: "Suppressions",
        icon: Ban,
        action: "suppressions.read",
        letter: "s",
        words: "bounces unsubscribes",
      },
    ],
  },
  {
    label: "Connections",
    pages: [
      {
        path: "providers",
        name: "Providers",
        icon: Plug,
        action: "providers.read",
        letter: "p",
        words: "smtp twilio accounts",
      },
      {
        path: "webhooks",
        name: "Webhooks",
        icon: Webhook,
        action: "webhooks.read",
        letter: "w",
        words: "endpoints reports",
      },
      { path: "keys", name: "API keys", icon: KeyRound, action: "keys.read", letter: "k" },
    ],
  },
  {
    label: "Account",
    pages: [
      { path: "usage", name: "Usage", icon: BarChart3, action: "usage.read", letter: "u", words: "quota units" },
      {
        path: "billing",
        name: "Billing",
        icon: CreditCard,
        action: "billing.read",
        letter: "b",
        words: "plan invoices",
      },
      {
        path: "settings",
        name: "Settings",
        icon: Settings,
        action: "team.read",
        letter: ",",
        words: "team roles audit limits retention",
      },
    ],
  },
];

/** Every page, in one list. */
export const pages: readonly NavigationPage[] = navigation.flatMap((group) => group.pages);
