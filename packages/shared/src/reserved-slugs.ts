/** First words of the console's own addresses: a tenant of that name would stand in their way. */
export const reservedSlugs: ReadonlySet<string> = new Set(
  "account api docs healthz invite metrics new operator platform privacy reset settings sign-in sign-out sign-up start status stripe two-factor verify welcome".split(
    " ",
  ),
);
