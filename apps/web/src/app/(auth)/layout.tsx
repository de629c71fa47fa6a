import Link from "next/link";
import { Logo } from "../../ui/logo";

/** Around the pages at the door: nothing but the matter at hand. */
export default function AuthLayout({ children }: LayoutProps<"/">) {
  return (
    <div className="flex min-h-dvh flex-col items-center bg-frame px-4 py-10 sm:py-20">
      <Link href="/" className="mb-8 flex items-center gap-2 font-semibold text-lg">
        <Logo className="size-6" />
        Tidings
      </Link>
      <main className="w-full max-w-sm rounded-lg border border-line bg-surface p-6">{children}</main>
    </div>
  );
}
