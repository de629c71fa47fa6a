import type { Mode } from "@tidings/shared/modes";

/**
 * The line that sends a first message.
 * @param key null where none is known: keys are shown once
 */
export function curlOf({ apiUrl, key, mode }: { apiUrl: string; key: string | null; mode: Mode }): string {
  return `curl -X POST ${apiUrl}/v1/notifications \\
  -H 'content-type: application/json' \\
  -H 'x-api-key: ${key ?? `tdg_${mode}_…`}' \\
  -d '{
    "channel": "email",
    "recipient": { "email": "ann@example.com" },
    "content": { "subject": "Hello", "html": "<h1>Welcome</h1>" }
  }'`;
}
