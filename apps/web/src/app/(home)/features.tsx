const features = [
  {
    name: "Never lost",
    says: "A message is in Postgres before you are answered. Kafka and Redis may be lost at any moment: what was accepted still goes out, and twice only when a process dies between a provider's yes and its own note of it.",
  },
  {
    name: "Every attempt on record",
    says: "Which account was chosen and why, the provider's own words, how long it took, and what the receipt said later.",
  },
  {
    name: "Fair between tenants",
    says: "A million newsletters in front of you cost your one-time password nothing: tenants take turns, and critical messages go first.",
  },
  {
    name: "Your providers, with failover",
    says: "Twenty of them, from SMTP to WhatsApp Cloud, in the order you choose. When one fails, the next takes over within the same attempt.",
  },
  {
    name: "One template, every channel",
    says: "Liquid and MJML, versions with a diff, languages, a preview rendered by the code that sends, and a way back.",
  },
  {
    name: "Reports you can verify",
    says: "Standard Webhooks, signed and retried, with redelivery, recovery and a log of what your endpoint answered.",
  },
] as const;

/** What one gets, in plain words. */
export function Features() {
  return (
    <section aria-labelledby="features" className="mt-16">
      <h2 id="features" className="font-medium text-lg">
        What you get
      </h2>
      <ul className="mt-4 grid gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-2 lg:grid-cols-3">
        {features.map(({ name, says }) => (
          <li key={name} className="bg-surface p-4">
            <h3 className="font-medium">{name}</h3>
            <p className="mt-1 text-pretty text-ink-muted text-sm">{says}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}
