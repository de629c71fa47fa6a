/** The mailbox's stylesheet: one neutral scale, light and dark, a list that becomes two lines on a phone. */
export const mailboxStyle = `
:root {
  color-scheme: light dark;
  --page: #f7f7f7; --surface: #fff; --sunken: #f1f1f1; --line: #e4e4e4; --text: #161616; --muted: #666; --strong: #161616; --on-strong: #fff;
}
@media (prefers-color-scheme: dark) {
  :root { --page: #0d0d0e; --surface: #151516; --sunken: #1d1d1f; --line: #2a2a2d; --text: #ececec; --muted: #9b9b9f; --strong: #ececec; --on-strong: #151516; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 14px/20px system-ui, -apple-system, "Segoe UI", sans-serif; -webkit-text-size-adjust: 100%; }
a { color: inherit; }
:focus-visible { outline: 2px solid var(--strong); outline-offset: 2px; border-radius: 4px; }
code, pre, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 12px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.frame { max-width: 1040px; margin: 0 auto; padding: 0 24px 64px; }

.top { display: flex; align-items: center; gap: 12px; height: 64px; }
.brand { font-weight: 600; font-size: 16px; letter-spacing: -.01em; text-decoration: none; margin-right: auto; }
.brand span { color: var(--muted); font-weight: 400; }
.live { display: inline-flex; align-items: center; gap: 8px; color: var(--muted); font-size: 13px; }
.live::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: var(--muted); }
.live[data-state=live]::before { background: #2f9e5b; }
.button { appearance: none; border: 1px solid var(--line); background: var(--surface); color: var(--text); border-radius: 8px; height: 32px; padding: 0 12px; font: inherit; font-size: 13px; text-decoration: none; display: inline-flex; align-items: center; cursor: pointer; }
.button:hover { border-color: var(--muted); }
.button:disabled { opacity: .45; cursor: default; border-color: var(--line); }

.tools { display: flex; flex-wrap: wrap; gap: 12px; margin-bottom: 16px; }
.find { flex: 1 1 240px; display: flex; }
.search { flex: 1; height: 36px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); color: var(--text); padding: 0 12px; font: inherit; }
.search::placeholder { color: var(--muted); }
.search:focus-visible { outline-offset: -1px; border-radius: 8px; }
.tabs { display: flex; gap: 2px; padding: 3px; background: var(--sunken); border-radius: 9px; overflow-x: auto; scrollbar-width: none; }
.tabs a { display: inline-flex; align-items: center; gap: 6px; height: 30px; padding: 0 10px; border-radius: 6px; text-decoration: none; color: var(--muted); font-size: 13px; white-space: nowrap; }
.tabs a:hover { color: var(--text); }
.tabs a:focus-visible { outline-offset: -2px; }
.tabs a[aria-current] { background: var(--surface); color: var(--text); box-shadow: 0 0 0 1px var(--line); }
.tabs b { font-weight: 400; color: var(--muted); font-variant-numeric: tabular-nums; }

.card { background: var(--surface); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.list { list-style: none; margin: 0; padding: 0; }
.list li + li { border-top: 1px solid var(--line); }
.row { display: grid; grid-template-columns: 96px minmax(140px, 240px) minmax(0, 1fr) auto; gap: 16px; align-items: center; padding: 11px 16px; text-decoration: none; }
.row:hover { background: var(--sunken); }
.row:focus-visible { outline-offset: -2px; }
.row > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.row .to { font-weight: 500; }
.row .what { color: var(--muted); }
.row .what strong { color: var(--text); font-weight: 400; }
.row time, .channel { color: var(--muted); font-size: 13px; }
.row time { font-variant-numeric: tabular-nums; text-align: right; min-width: 64px; }
.channel { display: inline-flex; align-items: center; gap: 8px; }
.channel svg { flex: none; width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.more { margin: 12px 0 0; color: var(--muted); font-size: 13px; text-align: center; }
.empty { padding: 72px 24px; text-align: center; color: var(--muted); }
.empty h2 { margin: 0 0 8px; color: var(--text); font-size: 16px; font-weight: 600; }
.empty p { margin: 0 auto; max-width: 460px; text-wrap: balance; }
.empty code { color: var(--text); }

.message h1 { margin: 4px 0 16px; font-size: 20px; line-height: 28px; font-weight: 600; letter-spacing: -.01em; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 20px; margin: 0 0 20px; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.message .tabs { display: inline-flex; max-width: 100%; margin-bottom: 12px; }
.sheet { display: block; width: 100%; height: max(420px, calc(100vh - 340px)); border: 0; background: #fff; }
.text, .source { margin: 0; padding: 20px; white-space: pre-wrap; overflow-wrap: anywhere; }
.text { font: inherit; font-size: 14px; line-height: 22px; max-width: 72ch; }
.source { line-height: 18px; }
.stage { padding: 40px 24px; background: var(--sunken); }
.bubble { width: fit-content; max-width: min(360px, 100%); margin: 0 auto; padding: 12px 16px; border-radius: 18px 18px 18px 4px; background: var(--surface); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
.notice { max-width: 400px; margin: 0 auto; padding: 14px 16px; border-radius: 14px; background: var(--surface); border: 1px solid var(--line); overflow-wrap: anywhere; }
.notice strong { display: block; margin-bottom: 2px; }
.fields { width: 100%; border-collapse: collapse; }
.fields tr + tr { border-top: 1px solid var(--line); }
.fields th, .fields td { padding: 8px 16px; text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; }
.fields th { width: 220px; color: var(--muted); }
.files { display: flex; flex-wrap: wrap; gap: 8px; list-style: none; margin: 12px 0 0; padding: 0; }
.files .button { gap: 8px; max-width: 100%; }
.files span { color: var(--muted); }

@media (max-width: 680px) {
  .frame { padding: 0 16px 48px; }
  .top { height: 56px; }
  .tools { gap: 8px; }
  .tabs { flex: 1 1 100%; min-width: 0; }
  .row { grid-template-columns: minmax(0, 1fr) auto; gap: 2px 12px; padding: 12px 14px; }
  .row .channel { grid-column: 1; grid-row: 2; }
  .row .channel span { display: none; }
  .row .to { grid-column: 1; grid-row: 1; }
  .row .what { grid-column: 1 / -1; grid-row: 2; padding-left: 24px; }
  .row time { grid-column: 2; grid-row: 1; }
  .message .tabs { display: flex; }
  .fields th { width: 38%; }
  .fields th, .fields td { padding: 8px 12px; }
  .sheet { height: 70vh; }
}
@media (prefers-reduced-motion: no-preference) { .button, .tabs a, .row { transition: background-color .1s, border-color .1s, color .1s; } }
`;
