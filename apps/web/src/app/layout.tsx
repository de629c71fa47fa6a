import "@fontsource-variable/geist";
import "@fontsource-variable/geist-mono";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import { connection } from "next/server";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { nonceHeader } from "../proxy";
import { HoldEarlyClicks } from "../shell/hold-early-clicks";
import { RepeatEarlyClick } from "../shell/repeat-early-click";
import { TrpcReactProvider } from "../trpc/client";
import { themeCookie, themeOf } from "../ui/theme";
import { Toaster } from "../ui/toast";

export const metadata: Metadata = {
  title: { default: "Tidings", template: "%s · Tidings" },
  description: "A multi-tenant notification platform: one call in, a delivered and recorded message out.",
};

export const viewport: Viewport = { colorScheme: "light dark" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  await connection(); // no page is rendered while building: each needs its request's nonce
  const theme = themeOf((await cookies()).get(themeCookie)?.value);
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <body>
        <HoldEarlyClicks nonce={(await headers()).get(nonceHeader) ?? undefined} />
        <NuqsAdapter>
          <TrpcReactProvider>{children}</TrpcReactProvider>
        </NuqsAdapter>
        <Toaster />
        <RepeatEarlyClick />
      </body>
    </html>
  );
}
