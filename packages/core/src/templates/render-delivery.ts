import type { PublishedTemplates } from "./published-templates";
import type { Renderer, RenderResult } from "./render";

/** What a delivery says, and to whom: from its notification and its recipient. */
export interface DeliverySource {
  tenantId: string;
  channel: string;
  /** Direct content of the channel, checked when it was accepted. */
  content: Record<string, unknown> | null;
  templateId: string | null;
  templateVersion: number | null;
  data: Record<string, unknown> | null;
  /** The notification's own locale, before the recipient's. */
  locale: string | null;
  recipientId: string | null;
  recipientLocale: string | null;
  timeZone: string | null;
  recipientData: Record<string, unknown> | null;
}

export type RenderDelivery = (delivery: DeliverySource) => Promise<RenderedDelivery>;
export type RenderedDelivery = { ok: true; content: unknown } | Extract<RenderResult, { ok: false }>;

/** Renders what a delivery sends: its direct content as it is, or the version of the template that it pins. */
export function createRenderDelivery(deps: {
  templates: Pick<PublishedTemplates, "load">;
  renderer: Renderer;
}): RenderDelivery {
  return async (delivery) => {
    const { tenantId, channel, content, templateId, templateVersion: version, recipientLocale, timeZone } = delivery;
    if (content) return { ok: true, content };
    if (templateId === null || version === null)
      return { ok: false, reason: "there is neither content nor a template" };
    const template = await deps.templates.load(tenantId, templateId, version);
    if (!template) return { ok: false, reason: `version ${version} of the template is gone` };
    return deps.renderer.render({
      templateId,
      version,
      content: template,
      channel,
      locale: delivery.locale ?? recipientLocale,
      data: delivery.data ?? {},
      recipient: { id: delivery.recipientId, locale: recipientLocale, timeZone, data: delivery.recipientData ?? {} },
    });
  };
}
