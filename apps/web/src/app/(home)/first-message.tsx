import type { ReactNode } from "react";
import { CodeBlock } from "../../ui/code-block";

/** The first message, as commands to paste. The key stays in the reader's shell: it is never on the page. */
export function FirstMessage({ apiUrl, mailboxUrl }: { apiUrl: string; mailboxUrl: string | undefined }) {
  return (
    <section aria-labelledby="first-message" className="mt-10">
      <h2 id="first-message" className="font-medium text-lg">
        Send your first message
      </h2>
      <ol className="mt-4 space-y-5">
        <li className="space-y-2">
          <p className="text-ink-muted">
            Put the key into your shell. <Mono>npm start</Mono> keeps it in <Mono>.tidings/connection.json</Mono>; with
            Docker, <Mono>docker compose logs demo</Mono> shows it.
          </p>
          <CodeBlock label="In the folder Tidings runs in" code={readKey} />
        </li>
        <li className="space-y-2">
          <p className="text-ink-muted">Send. The answer is 202 as soon as the row is written, with an id:</p>
          <CodeBlock label="POST /v1/notifications" code={send(apiUrl)} />
        </li>
        <li className="text-ink-muted">
          {mailboxUrl && (
            <>
              The email is in the <TextLink href={mailboxUrl}>local mailbox</TextLink> a moment later.{" "}
            </>
          )}
          <Mono>GET /v1/notifications/&#123;id&#125;</Mono> tells its whole story; the{" "}
          <TextLink href={`${apiUrl}/docs`}>API reference</TextLink> has the rest.
        </li>
      </ol>
    </section>
  );
}

const readKey = `export TIDINGS_KEY=$(node -p 'require("./.tidings/connection.json").liveKey')`;

function send(apiUrl: string): string {
  return `curl -sS ${apiUrl}/v1/notifications \\
  -H "x-api-key: $TIDINGS_KEY" \\
  -H "content-type: application/json" \\
  -d '{
    "channel": "email",
    "recipient": { "email": "ann@example.com" },
    "content": { "subject": "Hello", "html": "<h1>Welcome</h1>" }
  }'`;
}

function Mono({ children }: { children: ReactNode }) {
  return <code className="font-mono text-ink text-sm">{children}</code>;
}

function TextLink({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} className="text-accent-ink underline underline-offset-4 hover:text-ink">
      {children}
    </a>
  );
}
