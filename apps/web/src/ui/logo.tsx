/** The mark. Decoration beside the name, so hidden from screen readers. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" fill="none" className={className}>
      <rect width="24" height="24" rx="6" fill="currentColor" className="text-accent" />
      <path d="M6.5 8h11M12 8v5.5" stroke="white" strokeWidth="2.5" strokeLinecap="round" />
      <circle cx="12" cy="17.25" r="1.5" fill="white" />
    </svg>
  );
}
