import { ArrowLeft } from "lucide-react";
import { cookies } from "next/headers";
import Link from "next/link";
import { requireMe } from "../../server/pages/require-me";
import { ButtonLink } from "../../ui/button";
import { Logo } from "../../ui/logo";
import { themeCookie, themeOf } from "../../ui/theme";
import { ThemeToggle } from "../../ui/theme-toggle";
import { SignOut } from "./sign-out";

/** Around one's own account, which is in no tenant. */
export default async function AccountLayout({ children }: LayoutProps<"/account">) {
  await requireMe();
  const theme = themeOf((await cookies()).get(themeCookie)?.value);
  return (
    <div className="min-h-dvh bg-frame">
      <header className="sticky top-0 z-30 flex h-14 items-center gap-3 border-frame-line border-b bg-frame px-4 sm:px-6">
        <Link href="/" className="flex items-center gap-2 font-semibold" aria-label="Tidings">
          <Logo className="size-6" />
          <span className="hidden sm:inline">Tidings</span>
        </Link>
        <ButtonLink href="/start" variant="ghost">
          <ArrowLeft aria-hidden />
          <span className="hidden sm:inline">Back to your tenants</span>
          <span className="sm:hidden">Tenants</span>
        </ButtonLink>
        <div className="ml-auto flex items-center gap-3">
          <span className="hidden sm:block">
            <ThemeToggle theme={theme} />
          </span>
          <SignOut />
        </div>
      </header>
      <main className="min-h-[calc(100dvh-3.5rem)] bg-canvas px-4 py-6 sm:px-6 lg:px-8">
        <div className="mx-auto w-full max-w-3xl">{children}</div>
      </main>
    </div>
  );
}
