import { type CaughtChannel, type Content, caughtChannels } from "./caught-message";
import { html, ours, type SafeHtml } from "./html";
import type { MailboxMessage } from "./mailbox";
import { mailboxScript } from "./mailbox-script";
import { mailboxStyle } from "./mailbox-style";

export interface ListPage {
  messages: readonly { message: MailboxMessage; content: Content }[];
  /** Of every channel, whichever is chosen. */
  counts: ReadonlyMap<CaughtChannel, number>;
  to: string;
  channel: string;
  /** Whether the mailbox is empty, filters apart. */
  isEmpty: boolean;
  smtpAddress: string;
}

/** What a message page shows of its message. */
export type View = "preview" | "text" | "fields" | "source";

const names: Record<CaughtChannel, { channel: string; preview: string; fields: string }> = {
  email: { channel: "Email", preview: "Preview", fields: "Headers" },
  sms: { channel: "SMS", preview: "Message", fields: "Fields" },
  whatsapp: { channel: "WhatsApp", preview: "Message", fields: "Fields" },
  push: { channel: "Push", preview: "Message", fields: "Data" },
  webhook: { channel: "Webhook", preview: "Body", fields: "Headers" },
  chat: { channel: "Chat", preview: "Message", fields: "Facts" },
};

/** Outlines in a square of 16. */
const icons: Record<CaughtChannel, SafeHtml> = {
  email: html`<rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.5"/><path d="m2 4.5 6 4.25 6-4.25"/>`,
  sms: html`<path d="M2 3.75h12v7.5H6.5L3.75 13.5v-2.25H2z"/><path d="M5 6.5h6M5 8.75h3.5"/>`,
  whatsapp: html`<path d="M2.25 13.75 3.2 11A6 6 0 1 1 5.3 13z"/><path d="M6 6c0 2.5 1.75 4.25 4.25 4.25"/>`,
  push: html`<path d="M3.5 11.5h9L11.25 9.5V7a3.25 3.25 0 0 0-6.5 0v2.5z"/><path d="M6.75 13.5h2.5"/>`,
  webhook: html`<path d="M5 4 1.75 8 5 12M11 4l3.25 4L11 12M9 3.5l-2 9"/>`,
  chat: html`<path d="M6 2.5 4.5 13.5M11.5 2.5 10 13.5M2.5 5.75h11.5M2 10.25h11.5"/>`,
};

/** Everything caught, newest first. */
export function listPage(list: ListPage, nonce: string): string {
  return page("Mailbox", nonce, listBody(list));
}

/** The list's page without what is around it: the script takes `#tabs`, `#renewed` and `#clear` from it. */
export function listPart(list: ListPage): string {
  return listBody(list).text;
}

function listBody({ messages, counts, to, channel, isEmpty, smtpAddress }: ListPage): SafeHtml {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const found = channel === "" ? all : (counts.get(channel as CaughtChannel) ?? 0);
  const tab = (id: string, name: string, count: number) => {
    const query = new URLSearchParams({ ...(id && { channel: id }), ...(to && { to }) }).toString();
    const current = id === channel && html` aria-current="page"`;
    return html`<a href="${query ? `/?${query}` : "/"}"${current}>${name} <b>${count}</b></a>`;
  };
  return html`<header class="top">
      <a class="brand" href="/">Tidings <span>mailbox</span></a>
      <span class="live" id="live" role="status">Connecting</span>
      <button class="button" id="clear" type="button"${isEmpty && html` disabled`}>Clear</button>
    </header>
    <main>
      <h1 class="hidden">Messages caught on this machine</h1>
      <div class="tools">
        <form class="find" role="search" action="/">
          <label class="hidden" for="to">Recipient</label>
          <input class="search" id="to" name="to" type="search" value="${to}" placeholder="Search by recipient" autocomplete="off" spellcheck="false">
          ${channel && html`<input type="hidden" name="channel" value="${channel}">`}
        </form>
        <nav class="tabs" id="tabs" aria-label="Channel">
          ${tab("", "All", all)}${caughtChannels.map((id) => tab(id, names[id].channel, counts.get(id) ?? 0))}
        </nav>
      </div>
      <div id="renewed">${
        messages.length > 0
          ? html`<ul class="list card">${messages.map(row)}</ul>${
              found > messages.length && html`<p class="more">The newest ${messages.length} of ${found}.</p>`
            }`
          : nothingToShow(isEmpty, smtpAddress)
      }</div>
    </main>`;
}

function row({ message: { id, channel, to, at }, content: { title, text } }: ListPage["messages"][number]): SafeHtml {
  const preview = channel === "email" || channel === "push" ? text.slice(0, 200).replace(/\s+/g, " ") : "";
  return html`<li><a class="row" href="/messages/${id}">
    ${channelMark(channel)}
    <span class="to">${to.join(", ")}</span>
    <span class="what"><strong dir="auto">${title || "(no subject)"}</strong> <span dir="auto">${preview}</span></span>
    ${time(at)}
  </a></li>`;
}

function nothingToShow(isEmpty: boolean, smtpAddress: string): SafeHtml {
  if (!isEmpty)
    return html`<div class="card empty"><h2>Nothing found</h2><p>No message matches. New ones that do will show up here.</p></div>`;
  return html`<div class="card empty">
    <h2>Nothing here yet</h2>
    <p>What Tidings sends from this machine is caught here instead of reaching anyone: mail at <code>${smtpAddress}</code>, SMS, WhatsApp, push, chat and webhooks. Paste the curl line that <code>npm start</code> printed to see the first one arrive.</p>
  </div>`;
}

/** One message, taken apart. */
export function messagePage(message: MailboxMessage, content: Content, view: View, nonce: string): string {
  const { id, channel, from, to, at, sizeBytes } = message;
  const { channel: name, preview, fields } = names[channel];
  const isPhone = channel === "sms" || channel === "whatsapp"; // its title is its text, which stands below
  const title = isPhone ? `${name} to ${to.join(", ")}` : content.title || "(no subject)";
  const hasText = channel === "email" && content.html !== null;
  const tabs: [View, string][] = [
    ["preview", preview],
    ...(hasText ? [["text", "Text"] as [View, string]] : []),
    ["fields", fields],
    ["source", "Source"],
  ];
  const files = content.attachments.map(
    ({ filename, content: bytes }, index) =>
      html`<li><a class="button" href="/messages/${id}/attachments/${index}" download>${filename} <span>${size(bytes.length)}</span></a></li>`,
  );
  return page(
    title,
    nonce,
    html`<header class="top">
      <a class="brand" href="/">Tidings <span>mailbox</span></a>
      <a class="button" href="/">All messages</a>
    </header>
    <main class="message">
      ${channelMark(channel)}
      <h1 dir="auto">${title}</h1>
      <dl class="facts">
        <dt>To</dt><dd>${to.join(", ")}</dd>
        ${from && html`<dt>From</dt><dd>${from}</dd>`}
        <dt>Caught</dt><dd>${time(at)}, ${size(sizeBytes)}</dd>
      </dl>
      <nav class="tabs" aria-label="View">${tabs.map(
        ([key, label]) =>
          html`<a href="/messages/${id}${key !== "preview" && `?view=${key}`}"${key === view && html` aria-current="page"`}>${label}</a>`,
      )}</nav>
      <div class="card">${viewOf(message, content, view)}</div>
      ${files.length > 0 && html`<ul class="files" aria-label="Attachments">${files}</ul>`}
    </main>`,
  );
}

function viewOf({ id, channel }: MailboxMessage, content: Content, view: View): SafeHtml {
  const { title, text, fields, source } = content;
  if (view === "source") return html`<pre class="source">${source}</pre>`;
  if (view === "fields") {
    return html`<table class="fields mono"><tbody>${fields.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>`;
  }
  if (channel === "webhook") return html`<pre class="source">${text}</pre>`;
  if (channel === "push") {
    return html`<div class="stage"><div class="notice" dir="auto"><strong>${title}</strong>${text}</div></div>`;
  }
  if (channel !== "email") return html`<div class="stage"><div class="bubble" dir="auto">${text}</div></div>`;
  if (view === "text" || content.html === null) return html`<pre class="text" dir="auto">${text}</pre>`;
  return html`<iframe class="sheet" title="The message as HTML" src="/messages/${id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>`;
}

function channelMark(channel: CaughtChannel): SafeHtml {
  return html`<span class="channel"><svg viewBox="0 0 16 16" aria-hidden="true">${icons[channel]}</svg><span>${names[channel].channel}</span></span>`;
}

function time(at: Date): SafeHtml {
  return html`<time datetime="${at.toISOString()}">${at.toISOString().slice(11, 19)}</time>`;
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function page(title: string, nonce: string, body: SafeHtml): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Tidings mailbox</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${ours(mailboxStyle)}</style>
</head>
<body>
<div class="frame">${body}</div>
<script nonce="${nonce}">${ours(mailboxScript)}</script>
</body>
</html>`.text;
}
