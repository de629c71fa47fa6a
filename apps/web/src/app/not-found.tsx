import type { Metadata } from "next";
import Link from "next/link";
import { buttonStyles } from "../ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-4">
      <div>
        <h1 className="font-semibold text-xl">There is no such page</h1>
        <p className="text-ink-muted">The address may be mistyped, or the page has moved.</p>
      </div>
      <Link href="/" className={buttonStyles()}>
        Go to the start page
      </Link>
    </main>
  );
}
