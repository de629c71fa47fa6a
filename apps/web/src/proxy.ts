import { type NextRequest, NextResponse } from "next/server";
import { isDevelopment } from "./runtime-env";

/** Where layouts find the path they are rendered for. */
export const pathHeader = "x-tidings-path";
/** Where they find the nonce that the page's scripts must have. */
export const nonceHeader = "x-nonce";

/** Gives every page a Content-Security-Policy with a nonce of its own; Next.js puts the nonce on the scripts it renders. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = crypto.randomUUID();
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("Content-Security-Policy", policy);
  headers.set(nonceHeader, nonce);
  headers.set(pathHeader, request.nextUrl.pathname + request.nextUrl.search);

  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

/**
 * Not for uploads: Next.js keeps what passes here in memory, and cuts it off at 10 MB. They answer with JSON.
 * Nor for previews of emails, which bring a stricter policy of their own: `server/previews/preview-frame.ts`.
 */
export const config = { matcher: "/((?!_next/static/|api/preview/|[^/]+/suppressions/import$).*)" };

/** React's development build needs `eval`, and its error overlay inline styles; the production build needs neither. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "connect-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "frame-src 'self'", // previews of emails, sandboxed
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
