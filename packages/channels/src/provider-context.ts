/** What the process lends to a provider. */
export interface ProviderContext {
  /** CIDR ranges that outbound URLs of tenants may reach although they are not public. */
  outboundAllow: readonly string[];
  /** Whether the operator wrote the account's settings: the hosts and URLs in them may be anywhere. A tenant's when absent. */
  isTrusted?: boolean;
}
