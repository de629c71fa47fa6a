import { z } from "zod";

/** What an API key may do. `send` accepts and cancels notifications, `read` reads, `manage` changes everything else. */
export const scopes = ["send", "read", "manage"] as const;
export type Scope = (typeof scopes)[number];
export const scopeSchema = z.enum(scopes);
