/** What an API key may do. `send` accepts and cancels notifications, `read` reads, `manage` changes everything else. */
export const scopes = ["send", "read", "manage"] as const;
export type Scope = (typeof scopes)[number];
