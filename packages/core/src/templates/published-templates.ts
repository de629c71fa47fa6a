import type { Database } from "@tidings/db/client";
import { createBatcher } from "@tidings/runtime/batcher";
import { groupBy } from "@tidings/shared/group-by";
import { type Fault, Refusal } from "@tidings/shared/refusals";
import { LRUCache } from "lru-cache";
import { channelsOf } from "./choose-locale";
import { compileDataSchema } from "./data-schema";
import type { CompiledContent } from "./template-content";

/** What accepting a notification needs to know of a template: its newest version. */
export interface ResolvedTemplate {
  templateId: string;
  version: number;
  /** What its notifications are about, unless the request says otherwise. */
  category: string | null;
  /** The channels for which some locale has content. */
  channels: readonly string[];
  /** Checks data by the template's schema; faults have pointers into the data. None without a schema. */
  checkData(data: unknown): Fault[];
}

export interface PublishedTemplatesOptions {
  database: Database;
  /** How long another process's publish may go unnoticed, and a template that doesn't exist stay so. */
  ttlMs?: number;
  /** Most templates, and most versions, that are kept. */
  maxEntries?: number;
}

type Answer = ResolvedTemplate | Refusal;
interface Asked {
  tenantId: string;
  key: string;
}

/** Characters of version content that are kept, over all versions. */
const maxContentSize = 32 * 1024 * 1024;

/** Published templates by key and by version, cached: the door and the workers ask for one with every notification. */
export function createPublishedTemplates({ database, ttlMs = 1_000, maxEntries = 10_000 }: PublishedTemplatesOptions) {
  const answers = new LRUCache<string, Answer>({ max: maxEntries, ttl: ttlMs });
  const asking = new Map<string, Promise<Answer>>();
  const spoken = new LRUCache<string, Pick<ResolvedTemplate, "channels" | "checkData">>({ max: maxEntries });
  const contents = new LRUCache<string, CompiledContent>({ max: maxEntries, maxSize: maxContentSize });
  const loading = new Map<string, Promise<CompiledContent | null>>();
  const finder = createBatcher({ maxBatch: 1_000, concurrency: 2, maxWaiting: 100_000, run: findTemplates });

  /** All who miss a key at once share one answer. */
  function ask(asked: Asked): Promise<Answer> {
    const id = idOf(asked);
    const underWay = asking.get(id);
    if (underWay) return underWay;
    const answering = finder.add(asked).then(
      (answer) => {
        if (endAsking(id, answering)) answers.set(id, answer);
        return answer;
      },
      (error: unknown) => {
        endAsking(id, answering);
        throw error;
      },
    );
    asking.set(id, answering);
    return answering;
  }

  /** @returns false when the key was forgotten meanwhile: what was read may be old */
  function endAsking(id: string, answering: Promise<Answer>): boolean {
    return asking.get(id) === answering && asking.delete(id);
  }

  async function findTemplates(batch: readonly Asked[]): Promise<Answer[]> {
    const tenants = groupBy(batch, ({ tenantId }) => tenantId);
    const rows = await database.template.findMany({
      where: { OR: [...tenants].map(([tenantId, all]) => ({ tenantId, key: { in: all.map(({ key }) => key) } })) },
      select: { id: true, tenantId: true, key: true, category: true, publishedVersion: true },
    });
    const byId = new Map(rows.map((row) => [idOf(row), row]));
    return Promise.all(
      batch.map(async (asked) => {
        const row = byId.get(idOf(asked));
        if (!row) return notFound(asked.key);
        const { id: templateId, category, publishedVersion: version } = row;
        if (version === null) return notPublished(asked.key);
        return { templateId, version, category, ...(await speechOf(asked.tenantId, templateId, version)) };
      }),
    );
  }

  async function speechOf(tenantId: string, templateId: string, version: number) {
    const id = versionIdOf(tenantId, templateId, version);
    const known = spoken.get(id);
    if (known) return known;
    const content = await load(tenantId, templateId, version);
    if (!content) throw new Error(`template ${templateId} has no version ${version}, which it names as published`);
    const checkData = content.schema ? compileDataSchema(content.schema) : () => [];
    const speech = { channels: channelsOf(content), checkData };
    spoken.set(id, speech);
    return speech;
  }

  function load(tenantId: string, templateId: string, version: number): Promise<CompiledContent | null> {
    const id = versionIdOf(tenantId, templateId, version);
    const known = contents.get(id);
    if (known) return Promise.resolve(known);
    const underWay = loading.get(id);
    if (underWay) return underWay;
    const reading = readVersion(tenantId, templateId, version).finally(() => loading.delete(id));
    loading.set(id, reading);
    return reading;
  }

  async function readVersion(tenantId: string, templateId: string, version: number): Promise<CompiledContent | null> {
    const row = await database.templateVersion.findUnique({
      where: { tenantId_templateId_version: { tenantId, templateId, version } },
      select: { content: true },
    });
    if (!row) return null;
    const content = row.content as unknown as CompiledContent; // publishTemplate wrote it
    contents.set(versionIdOf(tenantId, templateId, version), content, { size: JSON.stringify(content).length });
    return content;
  }

  return {
    /**
     * The published version that a tenant's key stands for at present, at most `ttlMs` late.
     * @throws {Refusal} template_not_found, template_not_published
     */
    async resolve(tenantId: string, key: string): Promise<ResolvedTemplate> {
      const answer = answers.get(idOf({ tenantId, key })) ?? (await ask({ tenantId, key }));
      if (answer instanceof Refusal) throw answer;
      return answer;
    },

    /** The content of a version, which never changes; null when there is no such version. */
    load,

    /** Makes the next `resolve` look again: after a publish, so that this process knows of it at once. */
    forget(tenantId: string, key: string): void {
      const id = idOf({ tenantId, key });
      answers.delete(id);
      asking.delete(id);
    },
  };
}
export type PublishedTemplates = ReturnType<typeof createPublishedTemplates>;

function idOf({ tenantId, key }: Asked): string {
  return `${tenantId}/${key}`;
}

function versionIdOf(tenantId: string, templateId: string, version: number): string {
  return `${tenantId}/${templateId}/${version}`;
}

function notFound(key: string): Refusal {
  const faults = [{ pointer: "/template", message: "does not exist" }];
  return new Refusal("template_not_found", `There is no template ${key}.`, { faults });
}

function notPublished(key: string): Refusal {
  const faults = [{ pointer: "/template", message: "has no published version" }];
  return new Refusal("template_not_published", `The template ${key} has not been published yet.`, { faults });
}
