import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Express, Response } from "express";
import { errorsPage, pageStyle, referencePage, referenceScript } from "./docs-pages";
import { createOpenApiDocument } from "./openapi";
import type { Route } from "./route";

/** Nothing from elsewhere, nothing inline; Swagger UI's icons are data URLs in its stylesheet. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const require = createRequire(import.meta.url);
const swaggerUi = dirname(require.resolve("swagger-ui-dist/package.json"));

/**
 * Serves the description of the API: `/openapi.json`, the reference at `/docs`, and what each refusal means at
 * `/docs/errors`. The pages load nothing from anywhere else.
 */
export function serveDocs(app: Express, routes: readonly Route[]): void {
  const document = JSON.stringify(createOpenApiDocument(routes));
  const texts = [
    { path: "/openapi.json", type: "application/json", text: document },
    { path: "/docs", type: "html", text: referencePage() },
    { path: "/docs/errors", type: "html", text: errorsPage() },
    { path: "/docs/page.css", type: "css", text: pageStyle },
    { path: "/docs/reference.js", type: "text/javascript", text: referenceScript },
  ];
  for (const { path, type, text } of texts) {
    app.get(path, (_request, response) => {
      harden(response);
      response.type(type).send(text);
    });
  }
  for (const file of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
    app.get(`/docs/${file}`, (_request, response) => {
      harden(response);
      response.sendFile(file, { root: swaggerUi, maxAge: "1h" });
    });
  }
}

function harden(response: Response): void {
  response.set({
    "Content-Security-Policy": contentSecurityPolicy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  });
}
