import { templateKeySchema } from "@tidings/core/notifications/notification-request";
import { pageQuery, presentPage, readPage } from "@tidings/core/page";
import { createTemplate } from "@tidings/core/templates/create-template";
import { deleteTemplate } from "@tidings/core/templates/delete-template";
import { getTemplate } from "@tidings/core/templates/get-template";
import { listTemplateVersions } from "@tidings/core/templates/list-template-versions";
import { listTemplates } from "@tidings/core/templates/list-templates";
import { presentTemplate, presentTemplateSummary, presentVersion } from "@tidings/core/templates/present-template";
import { previewTemplate } from "@tidings/core/templates/preview-template";
import { publishTemplate } from "@tidings/core/templates/publish-template";
import { republishVersion } from "@tidings/core/templates/republish-version";
import {
  createTemplateBody,
  previewBody,
  publicPreview,
  publicTemplate,
  publicTemplateSummary,
  publicVersion,
  publishTemplateBody,
  republishVersionBody,
  templateFilters,
  updateTemplateBody,
} from "@tidings/core/templates/template-schemas";
import { updateTemplate } from "@tidings/core/templates/update-template";
import { z } from "zod";
import { pageSchema } from "../page-schema";
import { defineRoute } from "../route";

const tag = "Templates";
const params = z.object({ key: templateKeySchema });
const versionParams = params.extend({
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .meta({ description: "A version's number", example: "3" }),
});

export const templateRoutes = [
  defineRoute({
    method: "GET",
    path: "/v1/templates",
    operationId: "listTemplates",
    tag,
    summary: "List templates, newest first",
    scope: "read",
    query: pageQuery.extend(templateFilters.shape),
    status: 200,
    response: pageSchema(publicTemplateSummary),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { query: { limit, cursor, ...filters } }) {
      const page = await listTemplates(deps.database, principal.tenantId, readPage({ limit, cursor }), filters);
      return presentPage(page, presentTemplateSummary, (row) => row.id);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/templates",
    operationId: "createTemplate",
    tag,
    summary: "Make a template",
    description: "It has a draft and no version: publish it before notifications use it. Both modes share templates.",
    scope: "manage",
    body: createTemplateBody,
    status: 201,
    response: publicTemplate,
    refusals: ["already_exists", "template_invalid"],
    idempotency: "stored",
    async handle({ deps, principal }, { body }) {
      return presentTemplate(await createTemplate(deps.database, principal.tenantId, body));
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/templates/{key}",
    operationId: "getTemplate",
    tag,
    summary: "A template with its draft",
    scope: "read",
    params,
    status: 200,
    response: publicTemplate,
    async handle({ deps, principal }, { params }) {
      return presentTemplate(await getTemplate(deps.database, principal.tenantId, params.key));
    },
  }),

  defineRoute({
    method: "PATCH",
    path: "/v1/templates/{key}",
    operationId: "updateTemplate",
    tag,
    summary: "Change a template's name, category or draft",
    description:
      "What is absent stays; a draft is replaced as a whole. Published versions never change. With `ifUpdatedAt` nothing that somebody else wrote meanwhile is lost.",
    scope: "manage",
    params,
    body: updateTemplateBody,
    status: 200,
    response: publicTemplate,
    refusals: ["template_invalid", "conflict"],
    async handle({ deps, principal }, { params, body }) {
      const { tenantId } = principal;
      const template = await updateTemplate(deps.database, tenantId, params.key, body);
      deps.templates.forget(tenantId, params.key); // the category counts from the next request on
      return presentTemplate(template);
    },
  }),

  defineRoute({
    method: "DELETE",
    path: "/v1/templates/{key}",
    operationId: "deleteTemplate",
    tag,
    summary: "Delete a template with its versions",
    description:
      "Refused while it is another template's layout, or messages that use it are scheduled or on their way. Messages that were sent keep their record, but what they said can't be shown any more.",
    scope: "manage",
    params,
    status: 204,
    refusals: ["conflict"],
    async handle({ deps, principal }, { params }) {
      const { tenantId } = principal;
      await deleteTemplate(deps.database, tenantId, params.key);
      deps.templates.forget(tenantId, params.key);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/templates/{key}/publish",
    operationId: "publishTemplate",
    tag,
    summary: "Publish a template's draft as its next version",
    description:
      "Notifications accepted from now on use it; those accepted before keep the version they have. With `ifUpdatedAt` nothing is published that was not read.",
    scope: "manage",
    params,
    body: publishTemplateBody,
    bodyMayBeAbsent: true,
    status: 201,
    response: publicVersion,
    refusals: ["template_invalid", "conflict"],
    idempotency: "stored",
    async handle({ deps, principal }, { params, body }) {
      const { tenantId } = principal;
      const version = await publishTemplate(deps.database, tenantId, params.key, body);
      deps.templates.forget(tenantId, params.key);
      return presentVersion(version);
    },
  }),

  defineRoute({
    method: "GET",
    path: "/v1/templates/{key}/versions",
    operationId: "listTemplateVersions",
    tag,
    summary: "List a template's versions, newest first",
    scope: "read",
    params,
    query: pageQuery,
    status: 200,
    response: pageSchema(publicVersion),
    refusals: ["invalid_cursor"],
    async handle({ deps, principal }, { params, query }) {
      const page = await listTemplateVersions(
        deps.database,
        principal.tenantId,
        params.key,
        readPage(query, "integer"),
      );
      return presentPage(page, presentVersion, (row) => String(row.version));
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/templates/{key}/versions/{version}/publish",
    operationId: "republishTemplateVersion",
    tag,
    summary: "Roll back: publish an earlier version again",
    description:
      "What the version says becomes the next version, to the letter. Versions are never taken back, and the draft stays as it is. With `ifPublishedVersion` nothing is rolled back that was not read.",
    scope: "manage",
    params: versionParams,
    body: republishVersionBody,
    bodyMayBeAbsent: true,
    status: 201,
    response: publicVersion,
    refusals: ["conflict"],
    idempotency: "stored",
    async handle({ deps, principal }, { params: { key, version }, body }) {
      const { tenantId } = principal;
      const published = await republishVersion(deps.database, tenantId, key, version, body);
      deps.templates.forget(tenantId, key);
      return presentVersion(published);
    },
  }),

  defineRoute({
    method: "POST",
    path: "/v1/templates/{key}/preview",
    operationId: "previewTemplate",
    tag,
    summary: "Render a template with sample data",
    description:
      "Shows the draft, one that isn't stored yet, or a version, channel by channel, as workers would send it, with the variables that are missing. Nothing is sent.",
    scope: "read",
    params,
    body: previewBody,
    status: 200,
    response: publicPreview,
    refusals: ["template_invalid"],
    async handle({ deps, principal }, { params, body }) {
      return await previewTemplate(deps.database, principal.tenantId, params.key, body);
    },
  }),
];
