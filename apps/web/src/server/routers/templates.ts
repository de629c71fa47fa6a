import { templateKeySchema } from "@tidings/core/notifications/notification-request";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { createTemplate } from "@tidings/core/templates/create-template";
import { deleteTemplate } from "@tidings/core/templates/delete-template";
import { getTemplate } from "@tidings/core/templates/get-template";
import { listLayouts } from "@tidings/core/templates/list-layouts";
import { listRecentData } from "@tidings/core/templates/list-recent-data";
import { listTemplateVersions } from "@tidings/core/templates/list-template-versions";
import { listTemplateCategories, listTemplates } from "@tidings/core/templates/list-templates";
import { presentTemplate, presentTemplateSummary, presentVersion } from "@tidings/core/templates/present-template";
import { previewTemplate } from "@tidings/core/templates/preview-template";
import { publishTemplate } from "@tidings/core/templates/publish-template";
import { republishVersion } from "@tidings/core/templates/republish-version";
import { sendTest, sendTestBody } from "@tidings/core/templates/send-test";
import {
  createTemplateBody,
  previewBody,
  publishTemplateBody,
  republishVersionBody,
  templateFilters,
  updateTemplateBody,
} from "@tidings/core/templates/template-schemas";
import { updateTemplate } from "@tidings/core/templates/update-template";
import { z } from "zod";
import { inColorScheme, storePreviewFrame } from "../previews/preview-frame";
import { reachingMutation } from "../reaching-mutation";
import { router, tenantMutation, tenantProcedure } from "../trpc";

const byKey = z.object({ key: templateKeySchema });
const { channels: _, ...previewed } = previewBody.shape;

/** Templates. Both modes share them. */
export const templatesRouter = router({
  /** Newest first. */
  list: tenantProcedure("templates.read")
    .input(z.object({ ...pageQuery.shape, ...templateFilters.shape }))
    .query(async ({ ctx, input: { limit, cursor, q, category, channel } }) => {
      const { house, owner } = ctx;
      const filters = { q, category, channel };
      const page = await listTemplates(house.database, owner.tenantId, readPage({ limit, cursor }), filters);
      return presentPage(page, presentTemplateSummary, (row) => row.id);
    }),

  /** What a list can be narrowed to. */
  categories: tenantProcedure("templates.read").query(({ ctx }) =>
    listTemplateCategories(ctx.house.database, ctx.owner.tenantId),
  ),

  /** Templates that can surround others' emails. */
  layouts: tenantProcedure("templates.read").query(({ ctx }) => listLayouts(ctx.house.database, ctx.owner.tenantId)),

  /** With its draft, and the version that is published. */
  get: tenantProcedure("templates.read")
    .input(byKey)
    .query(async ({ ctx, input: { key } }) => {
      const { house, owner } = ctx;
      const template = presentTemplate(await getTemplate(house.database, owner.tenantId, key));
      const { rows } = await listTemplateVersions(house.database, owner.tenantId, key, { limit: 1 });
      return { ...template, published: rows[0] ? presentVersion(rows[0]) : null };
    }),

  /** Newest first. */
  versions: tenantProcedure("templates.read")
    .input(byKey.extend(pageQuery.shape))
    .query(async ({ ctx, input: { key, limit, cursor } }) => {
      const page = readPage({ limit, cursor }, "integer");
      const found = await listTemplateVersions(ctx.house.database, ctx.owner.tenantId, key, page);
      return presentPage(found, presentVersion, (row) => String(row.version));
    }),

  /** One channel as a worker would send it; an email with the address of the frame that shows it. */
  preview: tenantProcedure("templates.read")
    .input(
      z.object({
        ...byKey.shape,
        ...previewed,
        channel: z.string().max(64),
        scheme: z.enum(["light", "dark"]).default("light"),
      }),
    )
    .query(async ({ ctx, input }) => {
      const { key, channel, version, draft, locale, data, recipient, scheme } = input;
      const asked = { version, draft, channels: [channel], locale, data, recipient };
      const [preview] = (await previewTemplate(ctx.house.database, ctx.owner.tenantId, key, asked)).data;
      if (!preview) throw new Error("a preview of one channel has one part");
      const { html } = (preview.content ?? {}) as { html?: unknown };
      const frame =
        channel === "email" && typeof html === "string"
          ? await storePreviewFrame(ctx.house, ctx.session.user.id, inColorScheme(html, scheme))
          : null;
      return { ...preview, content: preview.content as Record<string, unknown> | null, frame };
    }),

  /** What real messages of the mode gave it. */
  recentData: tenantProcedure("messages.content")
    .input(byKey)
    .query(({ ctx, input: { key } }) => listRecentData(ctx.house.database, ctx.owner, key)),

  create: tenantMutation("templates.write", "template.created")
    .input(z.object(createTemplateBody.shape))
    .mutation(async ({ ctx, input: { key, name, category, draft } }) => {
      const { house, owner } = ctx;
      const made = presentTemplate(
        await createTemplate(house.database, owner.tenantId, { key, name, category, draft }),
      );
      ctx.audit({ target: key, after: made });
      return made;
    }),

  update: tenantMutation("templates.write", "template.updated")
    .input(byKey.extend(updateTemplateBody.shape))
    .mutation(async ({ ctx, input: { key, name, category, draft, ifUpdatedAt } }) => {
      const { house, owner } = ctx;
      const before = presentTemplate(await getTemplate(house.database, owner.tenantId, key));
      const change = { name, category, draft, ifUpdatedAt };
      const after = presentTemplate(await updateTemplate(house.database, owner.tenantId, key, change));
      house.templates.forget(owner.tenantId, key);
      const isDraftOnly = name === undefined && category === undefined; // it saves itself while it is written
      if (isDraftOnly) ctx.audit({ action: "template.draft_edited", target: key, before, after, continues: true });
      else ctx.audit({ target: key, before, after });
      return after;
    }),

  publish: tenantMutation("templates.write", "template.published")
    .input(byKey.extend(publishTemplateBody.shape))
    .mutation(async ({ ctx, input: { key, ifUpdatedAt } }) => {
      const { house, owner } = ctx;
      const { publishedVersion } = await getTemplate(house.database, owner.tenantId, key);
      const version = presentVersion(await publishTemplate(house.database, owner.tenantId, key, { ifUpdatedAt }));
      house.templates.forget(owner.tenantId, key);
      ctx.audit({ target: key, before: { version: publishedVersion }, after: { version: version.version } });
      return version;
    }),

  /** Publishes an earlier version again, as the next one. */
  rollBack: tenantMutation("templates.write", "template.rolled_back")
    .input(byKey.extend({ version: z.int().min(1), ...republishVersionBody.shape }))
    .mutation(async ({ ctx, input: { key, version, ifPublishedVersion } }) => {
      const { house, owner } = ctx;
      const { publishedVersion } = await getTemplate(house.database, owner.tenantId, key);
      const row = await republishVersion(house.database, owner.tenantId, key, version, { ifPublishedVersion });
      house.templates.forget(owner.tenantId, key);
      ctx.audit({
        target: key,
        before: { version: publishedVersion },
        after: { version: row.version, sameAs: version },
      });
      return presentVersion(row);
    }),

  delete: tenantMutation("templates.write", "template.deleted")
    .input(byKey)
    .mutation(async ({ ctx, input: { key } }) => {
      const { house, owner } = ctx;
      const before = presentTemplate(await getTemplate(house.database, owner.tenantId, key));
      await deleteTemplate(house.database, owner.tenantId, key);
      house.templates.forget(owner.tenantId, key);
      ctx.audit({ target: key, before });
    }),

  /** Sends it in the mode of the input; answers with the message's id. */
  sendTest: reachingMutation("messages.send", "template.tested")
    .input(byKey.extend(sendTestBody.shape))
    .mutation(async ({ ctx, input: { key, draft, channel, to, locale, data } }) => {
      const { plan } = ctx.membership;
      const context = { ...ctx.owner, plan, requestId: ctx.origin.requestId, idempotency: null };
      const { id } = await sendTest(ctx.house, context, key, { draft, channel, to, locale, data });
      ctx.audit({ target: key, after: { message: id, mode: ctx.owner.mode, channel, to, draft: draft !== undefined } });
      return { id };
    }),
});
