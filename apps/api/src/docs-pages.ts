import { groupBy } from "@tidings/shared/group-by";
import { type RefusalCode, refusals } from "@tidings/shared/refusals";

/** The reference: Swagger UI over `/openapi.json`. */
export function referencePage(): string {
  const assets = `
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <script src="/docs/swagger-ui-bundle.js" defer></script>
    <script src="/docs/reference.js" defer></script>`;
  return page({ title: "Reference", assets, main: '<div id="reference"></div>' });
}

/** Every refusal with what it means and what to do; a problem's `type` leads to its anchor here. */
export function errorsPage(): string {
  const codes = Object.keys(refusals) as RefusalCode[];
  const sections = [...groupBy(codes, (code) => refusals[code].status)]
    .sort(([one], [other]) => one - other)
    .map(([status, ofStatus]) => `<h2>${status}</h2>${ofStatus.map(errorEntry).join("")}`);
  const introduction = `
    <h1>Errors</h1>
    <p>A request that is not fulfilled is answered with
      <a href="https://www.rfc-editor.org/rfc/rfc9457">problem details</a>. Decide by <code>code</code>: codes are added,
      never renamed. <code>errors</code> points to each thing that is wrong, and <code>requestId</code> names the request
      in the logs.</p>
    <pre><code>${escapeHtml(JSON.stringify(exampleProblem, null, 2))}</code></pre>`;
  return page({ title: "Errors", main: `<article>${introduction}${sections.join("")}</article>` });
}

const exampleProblem = {
  type: "/docs/errors#invalid_body",
  title: refusals.invalid_body.title,
  status: refusals.invalid_body.status,
  detail: "The body has a fault.",
  code: "invalid_body",
  requestId: "req_019aa3c2-5f0e-7d4b-8f5e-3c1f6f9f3a10",
  errors: [{ pointer: "/recipient/email", message: "must be an email address" }],
};

function errorEntry(code: RefusalCode): string {
  const { title, remedy } = refusals[code];
  return `
    <section id="${code}">
      <h3><a href="#${code}">${code}</a></h3>
      <p><strong>${escapeHtml(title)}.</strong> ${withCode(remedy)}</p>
    </section>`;
}

function page({ title, assets = "", main }: { title: string; assets?: string; main: string }): string {
  const link = (href: string, name: string) =>
    `<a href="${href}"${name === title ? ' aria-current="page"' : ""}>${name}</a>`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title} · Tidings</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(logo)}">${assets}
    <link rel="stylesheet" href="/docs/page.css">
  </head>
  <body>
    <header>
      <span class="brand">${logo} Tidings</span>
      <nav>${link("/docs", "Reference")} ${link("/docs/errors", "Errors")} <a href="/openapi.json">OpenAPI</a></nav>
    </header>
    <main>${main}</main>
  </body>
</html>
`;
}

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" aria-hidden="true"><rect width="24" height="24" rx="6" fill="#5b5bd6"/><path d="M6.5 8h11M12 8v5.5" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/><circle cx="12" cy="17.25" r="1.5" fill="#fff"/></svg>';

/** Starts Swagger UI, in the colours the reader's system asks for. */
export const referenceScript = `
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
  deepLinking: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
});
`;

/** Of both pages; what Swagger UI draws is brought in line with it. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --canvas: light-dark(#fafafa, #0b0b0c);
  --surface: light-dark(#ffffff, #131315);
  --sunken: light-dark(#f1f1f3, #1c1c1f);
  --line: light-dark(#e6e6e9, #26262a);
  --ink: light-dark(#17171a, #f2f2f4);
  --muted: light-dark(#5f5f68, #a2a2ab);
  --accent: light-dark(#4f4dc4, #a9a7f5);
  --sans: ui-sans-serif, system-ui, sans-serif;
  --mono: ui-monospace, monospace;
}
html, html.dark-mode { background: var(--canvas); scroll-padding-top: 64px; }
body { margin: 0; color: var(--ink); font: 15px/1.55 var(--sans); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
header { position: sticky; top: 0; z-index: 10; display: flex; gap: 24px; align-items: center; height: 48px; padding: 0 20px; background: var(--canvas); border-bottom: 1px solid var(--line); }
header .brand { display: flex; gap: 8px; align-items: center; font-weight: 600; }
header svg { width: 20px; height: 20px; }
header nav { display: flex; gap: 16px; font-size: 14px; }
header a { color: var(--muted); text-decoration: none; }
header a:hover, header a[aria-current] { color: var(--ink); }

article { max-width: 760px; margin: 0 auto; padding: 24px 20px 120px; }
article a { color: var(--accent); }
article h1 { font-size: 28px; line-height: 34px; margin: 16px 0 8px; }
article h2 { font-size: 16px; margin: 40px 0 8px; color: var(--muted); font-variant-numeric: tabular-nums; }
article h3 { font: 600 15px/1.55 var(--mono); margin: 0 0 2px; }
article h3 a { color: inherit; text-decoration: none; }
article code { font: 0.92em var(--mono); overflow-wrap: anywhere; }
article pre { padding: 16px; overflow-x: auto; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; font-size: 13px; line-height: 1.5; }
article pre code { font-size: inherit; line-height: inherit; overflow-wrap: normal; }
article section { padding: 12px; border-top: 1px solid var(--line); }
article section p { margin: 0; }
article section:target { background: var(--sunken); box-shadow: inset 3px 0 var(--accent); }

#reference .swagger-ui { background: none; }
#reference :is(.info, .info .title, .opblock-tag, .opblock .opblock-summary-description, .btn, select, input, textarea, label, table, h4, h5, button, .renderedMarkdown p) { font-family: var(--sans); }
#reference :is(.wrapper, .info) { max-width: 1080px; }
#reference .info { margin: 32px 0 16px; }
#reference .info :is(p, li, .title), #reference .opblock-tag { color: var(--ink); }
#reference .info .title { font-size: 28px; }
#reference .renderedMarkdown code { color: var(--ink); background: var(--sunken); padding: 2px 5px; border-radius: 4px; font-family: var(--mono); font-weight: 500; }
#reference .renderedMarkdown a code { color: inherit; }
#reference .renderedMarkdown a { color: var(--accent); font: inherit; }
#reference :is(table.headers td, .examples-select__section-label) { color: var(--ink); }
#reference .scheme-container { margin: 0; padding: 0 0 16px; background: none; box-shadow: none; }
/* One key for all, no links between answers: nothing to choose or to read there. */
#reference :is(.info hgroup .link, .info__license, .response-col_links, .opblock-summary .authorization__btn) { display: none; }
/* Every error is the same Problem, described on its own page. */
#reference .response[data-code]:not([data-code^="2"]) :is(.response-controls, .model-example, .headers-wrapper) { display: none; }
#reference .responses-inner { padding: 12px 20px; }
@media (max-width: 640px) {
  #reference .opblock .opblock-summary { flex-wrap: wrap; }
  #reference :is(.wrapper, .opblock-body .responses-inner, .parameters-container) { padding-left: 12px; padding-right: 12px; }
  #reference :is(table.headers thead, table.headers td:last-child) { display: none; }
}
`;

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function withCode(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
