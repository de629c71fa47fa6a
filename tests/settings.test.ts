import { readFileSync } from "node:fs";
import { pipelineEnv } from "@tidings/runtime/pipeline-env";
import { describe, expect, it } from "vitest";
import { apiEnv } from "../apps/api/src/env";
import { consumerEnv } from "../apps/consumer/src/env";
import { webEnv } from "../apps/web/src/env";
import { workerEnv } from "../apps/worker/src/env";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const compose = read("docker-compose.yml");
const settings = { api: apiEnv, consumer: consumerEnv, worker: workerEnv, web: webEnv } as const;
const processes = Object.keys(settings) as (keyof typeof settings)[];
/** The lines that stand deeper than the one that heads them in docker-compose.yml; none when there is no such line. */
function blockOf(head: string): string {
  const lines = compose.split("\n");
  const [, ...after] = lines.slice(lines.indexOf(head));
  const end = after.findIndex((line) => line.trim() && line.search(/\S/) <= head.search(/\S/));
  return lines.includes(head) ? after.slice(0, end).join("\n") : "";
}

/** The variables in a block, with those it takes over by name. */
function variablesOf(block: string): string[] {
  const own = [...block.matchAll(/^ +([A-Z][A-Z_]+):/gm)].map(([, name = ""]) => name);
  const taken = [...block.matchAll(/\*([a-z]+)/g)].map(([, name = ""]) => blockOf(`x-${name}: &${name}`));
  return [...own, ...taken.flatMap(variablesOf)];
}

describe.each(processes)("each setting of the %s", (process) => {
  const names = Object.keys(settings[process].shape);

  it("can be set with Docker Compose", () => {
    const given = variablesOf(blockOf(`  ${process}:`));
    expect(names.filter((name) => !given.includes(name))).toEqual([]);
  });

  it("stands in the guide", () => {
    const guide = read("docs/configuration.md");
    const [, pipeline = ""] = /^## All processes of the pipeline$(.*?)^## /ms.exec(guide) ?? [];
    const [, console = ""] = /^## The console$(.*?)^## /ms.exec(guide) ?? [];
    const rows =
      process === "web" ? console : guide.match(new RegExp(`^\\| [a-z, ]*\\b${process}\\b.*$`, "gm"))?.join("\n");
    const missing = names.filter(
      (name) => !(name in pipelineEnv.shape ? pipeline : (rows ?? "")).includes(`\`${name}\``),
    );
    expect(missing).toEqual([]);
  });
});

it("what Docker Compose takes from .env stands in the example", () => {
  const example = read(".env.example");
  const asked = [...compose.matchAll(/\$\{([A-Z_]+)/g)].map(([, name = ""]) => name);
  expect([...new Set(asked)].filter((name) => !new RegExp(`^#?${name}=`, "m").test(example))).toEqual([]);
});
