import type { Scope } from "@tidings/shared/scopes";

/** What each scope allows, for people. */
export const scopeWords: Record<Scope, string> = {
  send: "Send messages, schedule and cancel them",
  read: "Read messages, recipients, templates and usage",
  manage: "Change everything else: templates, recipients, providers, webhooks, suppressions and other keys",
};

/** A first call that a key's scopes allow, to paste into a shell. */
export function firstCall(apiUrl: string, key: string, scopes: readonly Scope[]): { label: string; code: string } {
  const header = `-H "x-api-key: ${key}"`;
  if (scopes.includes("send"))
    return {
      label: "Send a message with it",
      code: `curl -sS ${apiUrl}/v1/notifications \\
  ${header} \\
  -H "content-type: application/json" \\
  -d '{
    "channel": "email",
    "recipient": { "email": "ann@example.com" },
    "content": { "subject": "Hello", "text": "It works." }
  }'`,
    };
  if (scopes.includes("read"))
    return { label: "Read the latest messages with it", code: `curl -sS ${apiUrl}/v1/notifications \\\n  ${header}` };
  return { label: "List the keys with it", code: `curl -sS ${apiUrl}/v1/keys \\\n  ${header}` };
}
