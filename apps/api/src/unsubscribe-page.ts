import { createHash } from "node:crypto";
import type { UnsubscribeStanding } from "@tidings/core/suppressions/unsubscribe-door";
import type { UnsubscribeTarget } from "@tidings/core/suppressions/unsubscribe-link";

const style = `
:root {
  color-scheme: light dark;
  --canvas: light-dark(#f4f4f6, #0b0b0c); --surface: light-dark(#ffffff, #151517); --line: light-dark(#e3e3e8, #2a2a2f);
  --ink: light-dark(#17171a, #f2f2f4); --muted: light-dark(#5a5a63, #a6a6af);
  --accent: light-dark(#4f4dc4, #a9a7f5); --on-accent: light-dark(#ffffff, #17171a);
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--canvas); color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, sans-serif; }
main { width: 100%; max-width: 440px; padding: 32px; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; }
h1 { margin: 0 0 12px; font-size: 22px; line-height: 1.3; text-wrap: balance; overflow-wrap: anywhere; }
p { margin: 0 0 24px; color: var(--muted); overflow-wrap: anywhere; }
p:last-child { margin-bottom: 0; }
strong { color: var(--ink); font-weight: 600; }
button { width: 100%; min-height: 44px; padding: 8px 16px; border: 1px solid transparent; border-radius: 8px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button.quiet { background: none; border-color: var(--line); color: var(--ink); }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
`;

/** No script, nothing from elsewhere, this very stylesheet, forms to ourselves. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Where a link to unsubscribe leads: what it is about, how things stand, and one button. */
export function unsubscribePage(
  { channel, address }: UnsubscribeTarget,
  { tenant, category, state }: UnsubscribeStanding,
): string {
  const messages = channel === "email" ? "emails" : "messages";
  const whom = `<strong>${escapeHtml(masked(address))}</strong>`;
  const who = `<strong>${escapeHtml(tenant)}</strong>`;
  const about = category === null ? "" : ` about <strong>${escapeHtml(category)}</strong>`;
  const others =
    category === null ? " Those you need, such as receipts, still arrive." : ` Other ${messages} still arrive.`;
  switch (state) {
    case "subscribed":
      return page(
        "Unsubscribe?",
        `<p>${who} will send no more ${messages}${about} to ${whom}.${others}</p>${button("unsubscribe", "Unsubscribe")}`,
      );
    case "unsubscribed":
      return page(
        "You are unsubscribed",
        `<p role="status">${who} sends no more ${messages}${about} to ${whom}.${others}</p>${button("resubscribe", "Undo", "quiet")}`,
      );
    case "blocked":
      return page("You are unsubscribed", `<p role="status">${who} sends no more ${messages}${about} to ${whom}.</p>`);
  }
}

/** For a link that is forged, cut off or too old. */
export function brokenLinkPage(): string {
  return page(
    "This link does not work",
    "<p>It may have been cut off, or be too old. Use the link in a newer message, or write to whoever sent it.</p>",
  );
}

function button(action: string, label: string, look = ""): string {
  const kind = look && ` class="${look}"`;
  return `<form method="post"><button name="action" value="${action}"${kind}>${label}</button></form>`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${title}</title>
    <style>${style}</style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>
`;
}

/** Enough for its owner to know it; a link that was passed on gives nobody an address. */
function masked(address: string): string {
  const at = address.lastIndexOf("@");
  if (at < 0) return `***${address.slice(-4)}`;
  return `${address.slice(0, 1)}***${address.slice(at)}`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] as string);
}
