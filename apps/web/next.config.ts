import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const repositoryRoot = fileURLToPath(new URL("../..", import.meta.url));

/** What every answer carries; the Content-Security-Policy has a nonce per request and is set in `src/proxy.ts`. */
const securityHeaders = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "strict-origin-when-cross-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export default {
  output: "standalone",
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  transpilePackages: ["@tidings/core", "@tidings/db", "@tidings/channels", "@tidings/runtime", "@tidings/shared"],
  // What finds files or threads of its own, or is loaded only when first used: it stays in node_modules.
  serverExternalPackages: [
    "@aws-sdk/client-sesv2",
    "@aws-sdk/client-sns",
    "@prisma/adapter-pg",
    "@prisma/client",
    "ajv",
    "bcrypt",
    "bullmq",
    "firebase-admin",
    "html-to-text",
    "ioredis",
    "kafkajs",
    "liquidjs",
    "mjml",
    "nodemailer",
    "pg",
    "pino",
    "prom-client",
    "stripe",
    "twilio",
    "undici",
  ],
  images: { unoptimized: true },
  outputFileTracingExcludes: { "*": ["../../node_modules/@img/**", "../../node_modules/sharp/**"] }, // 20 MB for no image
  poweredByHeader: false,
  typescript: { ignoreBuildErrors: true }, // `npm run check` checks types; a build need not do it again
  headers: async () => [
    { source: "/:path*", headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })) },
    // Previews of emails, in sandboxed frames of the console's own.
    {
      source: "/api/preview/:token",
      headers: [
        { key: "X-Frame-Options", value: "SAMEORIGIN" },
        { key: "Referrer-Policy", value: "no-referrer" },
      ],
    },
  ],
} satisfies NextConfig;
