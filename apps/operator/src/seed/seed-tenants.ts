/** A tenant of a seed. */
export interface SeedTenant {
  name: string;
  slug: string;
  /** Its messages, as a share of those asked for. */
  share: number;
  /** Domains of its recipients' addresses. */
  domains: readonly string[];
}

/** A busy one, a smaller one with a long name, and a small one that writes from right to left. */
export const seedTenants: readonly SeedTenant[] = [
  {
    name: "Acme Commerce",
    slug: "acme-commerce",
    share: 1,
    domains: ["example.com", "mail.example.org", "example.net"],
  },
  {
    name: "Genossenschaftsbank Nordfriesland-Dithmarschen eG",
    slug: "nordbank",
    share: 0.1,
    domains: ["kunden.example.de", "example.com"],
  },
  { name: "مكتبة النور 📚", slug: "maktabat-alnoor", share: 0.02, domains: ["example.com"] },
];
