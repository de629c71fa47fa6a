import "@fontsource-variable/geist";
import "@fontsource-variable/geist-mono";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { TrpcReactProvider } from "../trpc/client";

export const metadata: Metadata = {
  title: { default: "Tidings", template: "%s · Tidings" },
  description: "A multi-tenant notification platform: one call in, a delivered and recorded message out.",
};

export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection(); // no page is rendered while building: each needs its request's nonce
  return (
    <html lang="en">
      <body>
        <TrpcReactProvider>{children}</TrpcReactProvider>
      </body>
    </html>
  );
}
