import type { Prisma } from "@tidings/db/client";
import { publicId } from "@tidings/shared/ids";
import type { TemplateSummary } from "./list-templates";
import type { CompiledContent, TemplateContent } from "./template-content";
import type { PublicTemplate, PublicTemplateSummary, PublicVersion } from "./template-schemas";

/** A template in a list, as its tenant sees it. */
export function presentTemplateSummary(row: TemplateSummary): PublicTemplateSummary {
  const { channels, hasUnpublishedChanges } = row;
  return { ...presentFacts(row), channels, hasUnpublishedChanges };
}

/** A template as its tenant sees it. */
export function presentTemplate(row: Prisma.TemplateModel): PublicTemplate {
  return { ...presentFacts(row), draft: row.draft as unknown as TemplateContent };
}

function presentFacts(row: Omit<Prisma.TemplateModel, "draft">) {
  return {
    id: publicId("template", row.id),
    key: row.key,
    name: row.name,
    category: row.category,
    publishedVersion: row.publishedVersion,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** A version as its tenant sees it: what was published, without what it was compiled to. */
export function presentVersion(row: Prisma.TemplateVersionModel): PublicVersion {
  const { emails: _, layoutVersion = null, ...content } = row.content as unknown as CompiledContent;
  return {
    version: row.version,
    content,
    layoutVersion,
    variables: row.variables,
    publishedAt: row.publishedAt.toISOString(),
  };
}
