import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { notFound, redirect } from "next/navigation";
import { requireMe } from "../../server/pages/require-me";
import { PersonMenu } from "../../shell/person-menu";
import { ButtonLink } from "../../ui/button";
import { Logo } from "../../ui/logo";
import { LinkTabs } from "../../ui/tabs";

const tabs = [
  { href: "/operator", label: "Health", exact: true },
  { href: "/operator/dead-letters", label: "Dead letters" },
  { href: "/operator/tenants", label: "Tenants" },
];

/** Around the operator's pages, which are in no tenant. To everybody else there is nothing here. */
export default async function OperatorLayout({ children }: LayoutProps<"/operator">) {
  const me = await requireMe();
  if (!me.isOperator) notFound();
  if (!me.mayOperate) redirect("/account?needs=two-factor&next=/operator");
  return (
    <div className="min-h-dvh bg-frame">
      <a
        href="#page"
        className="sr-only rounded-md bg-raised px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-60"
      >
        Skip to the page
      </a>
      <header className="sticky top-0 z-30 border-frame-line border-b bg-frame px-4 sm:px-6 lg:px-8">
        <div className="mx-auto flex h-14 w-full max-w-6xl items-center gap-3">
          <Link href="/operator" className="flex items-center gap-2 font-semibold">
            <Logo className="size-6" />
            Operator
          </Link>
          <ButtonLink href="/start" variant="ghost">
            <ArrowLeft aria-hidden />
            <span className="hidden sm:inline">Back to the console</span>
            <span className="sm:hidden">Console</span>
          </ButtonLink>
          <div className="ml-auto flex items-center gap-3">
            <PersonMenu person={me} />
          </div>
        </div>
        <LinkTabs label="Operator" tabs={tabs} className="mx-auto w-full max-w-6xl border-b-0" />
      </header>
      <main
        id="page"
        tabIndex={-1}
        className="min-h-[calc(100dvh-6rem)] bg-canvas px-4 py-6 outline-none sm:px-6 lg:px-8"
      >
        <div className="mx-auto w-full max-w-6xl">{children}</div>
      </main>
    </div>
  );
}
