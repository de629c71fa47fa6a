import dns from "node:dns";
import net, { type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, buildConnector } from "undici";
import type { ProviderContext } from "./provider-context";

/** An outbound connection that must not be made; its message says why and names no more than the tenant wrote. */
export class OutboundRefused extends Error {
  override readonly name = "OutboundRefused";
}

/** Keeps requests to URLs that tenants wrote out of our own networks. */
export interface OutboundGuard {
  /** Why a URL is refused, as far as that shows without asking DNS; null when nothing speaks against it. */
  refusalOf(url: string): string | null;
  /** An undici dispatcher that connects to permitted addresses only; requests reject with {@link OutboundRefused}. It never follows redirects. */
  agent(options?: Omit<Agent.Options, "connect">): Agent;
  /** For clients other than undici: a DNS look-up that answers permitted addresses only. IP literals are {@link refusalOf}'s. */
  lookup: LookupFunction;
  /** For clients that take a socket: one on its way to a permitted address, or failing with {@link OutboundRefused}. */
  connect(host: string, port: number): net.Socket;
}

/** Longest wait for DNS, TCP and TLS together, in milliseconds. */
const connectTimeoutMs = 5_000;
/** How long one address of several may take before the next is tried too, in milliseconds; Node's own 250 is short for other continents. */
const addressTimeoutMs = 1_000;
const everywhere = ["0.0.0.0/0", "::/0"];

/** The guard for hosts and URLs in the settings of a provider account: what the operator wrote may be anywhere. */
export function settingsGuard({ outboundAllow, isTrusted = false }: ProviderContext): OutboundGuard {
  return outboundGuard(isTrusted ? everywhere : outboundAllow);
}

/**
 * Public unicast addresses only, checked where they are used: each address DNS answers is checked as the socket takes it,
 * so an answer that changes gains nothing, and the peer is checked again once connected.
 * @param allow CIDR ranges permitted although they are not public, `10.1.0.0/16` or `::1/128`
 * @throws {Error} when a range is not a CIDR
 */
export function outboundGuard(allow: readonly string[], lookup: LookupFunction = dns.lookup): OutboundGuard {
  const ranges = allow.map((range) => ipaddr.parseCIDR(range));

  function isPermitted(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const ip = ipaddr.process(address); // takes the IPv4 address out of a v4-mapped one
    if (ranges.some((range) => ip.kind() === range[0].kind() && ip.match(range))) return true;
    if (ip.range() !== "unicast") return false;
    // Global unicast is 2000::/3 (RFC 4291, 2.4); outside it lie v4-compatible addresses and what is not assigned.
    return ip.kind() === "ipv4" || ip.match(ipaddr.parseCIDR("2000::/3"));
  }

  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, options, (error, answer, family) => {
      if (error) return callback(error, answer, family);
      const addresses = typeof answer === "string" ? [answer] : answer.map(({ address }) => address);
      if (addresses.length > 0 && addresses.every(isPermitted)) return callback(null, answer, family);
      callback(new OutboundRefused(`${hostname} resolves to an address that is not public`), "", 0);
    });
  };

  const connect = buildConnector({ lookup: guardedLookup, timeout: connectTimeoutMs });

  return {
    refusalOf(text) {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (!url || !/^https?:$/.test(url.protocol)) return "the URL is not an http or https URL";
      if (url.username || url.password) return "the URL carries credentials";
      // The URL parser has turned decimal, octal, hexadecimal and shortened IPv4 forms into dotted quads.
      const host = url.hostname.replace(/^\[|\]$/g, "");
      return net.isIP(host) && !isPermitted(host) ? `${host} is not a public address` : null;
    },
    lookup: guardedLookup,
    connect(host, port) {
      if (!net.isIP(host) || isPermitted(host)) {
        return net.connect({ host, port, lookup: guardedLookup, autoSelectFamilyAttemptTimeout: addressTimeoutMs });
      }
      return new net.Socket().destroy(new OutboundRefused(`${host} is not a public address`));
    },
    agent: (options = {}) =>
      new Agent({
        ...options,
        connect(target, callback) {
          // A custom lookup is not asked about IP literals.
          const host = target.hostname.replace(/^\[|\]$/g, "");
          if (net.isIP(host) && !isPermitted(host)) {
            return callback(new OutboundRefused(`${host} is not a public address`), null);
          }
          connect(target, (...[error, socket]) => {
            if (error) return callback(error, null);
            if (isPermitted(socket.remoteAddress ?? "")) return callback(null, socket);
            socket.destroy();
            callback(new OutboundRefused(`${host} led to an address that is not public`), null);
          });
        },
      }),
  };
}
