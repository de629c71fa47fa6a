import type { EmailContent } from "@tidings/channels/channels/email";
import { trackEmail } from "../receipts/track-email";
import { trackingOf } from "../receipts/tracking-links";
import { unsubscribeUrl } from "../suppressions/unsubscribe-link";
import type { RenderDelivery, RenderedDelivery } from "../templates/render-delivery";
import type { ClaimedDelivery } from "./claim-deliveries";

export interface DressOptions {
  /** The API's address as the internet sees it. */
  publicUrl: string;
  platformSecret: Uint8Array;
}

/**
 * Renders, and gives live emails what Tidings adds to them: the offer to unsubscribe with one click (RFC 8058), unless the
 * tenant makes one of its own, and links that tell of opens and clicks where the tenant wants to know.
 */
export function dressEmails(render: RenderDelivery, { publicUrl, platformSecret }: DressOptions) {
  return async (delivery: ClaimedDelivery): Promise<RenderedDelivery> => {
    const rendered = await render(delivery);
    if (!rendered.ok || delivery.channel !== "email" || delivery.mode !== "live") return rendered;
    const content = rendered.content as EmailContent;
    return { ok: true, content: { ...content, ...unsubscribing(content, delivery), ...tracked(content, delivery) } };
  };

  function unsubscribing({ headers = {} }: EmailContent, delivery: ClaimedDelivery): Pick<EmailContent, "headers"> {
    const isOffered = delivery.category === null ? delivery.isBulk : !delivery.isTransactional;
    const hasOwn = Object.keys(headers).some((name) => name.toLowerCase() === "list-unsubscribe");
    if (!isOffered || hasOwn) return {};
    const url = unsubscribeUrl(delivery, { publicUrl, platformSecret });
    return {
      headers: {
        ...headers,
        "List-Unsubscribe": `<${url}>`,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      },
    };
  }

  function tracked({ html }: EmailContent, delivery: ClaimedDelivery): Pick<EmailContent, "html"> {
    const { tracksOpens: opens, tracksClicks: clicks } = delivery;
    if (html === undefined || !(opens || clicks)) return {};
    return { html: trackEmail(html, trackingOf(delivery, { publicUrl, platformSecret, opens, clicks })) };
  }
}
