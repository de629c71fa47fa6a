import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlopTypes } from "@turbo/gen";

const repository = join(__dirname, "../..");
const channelsFolder = join(repository, "packages/channels/src/channels");

const isName = (name: string) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || "lower-case words with hyphens, please";

/** `turbo gen provider` and `turbo gen channel`: one new file, one line in the registry, and one entry in its contract test. */
export default function generator(plop: PlopTypes.NodePlopAPI): void {
  plop.setGenerator("provider", {
    description: "code that can send on a channel",
    prompts: [
      { type: "input", name: "name", message: "Its name, like send-grid", validate: isName },
      { type: "list", name: "channel", message: "The channel it sends on", choices: channelIds() },
    ],
    actions: actionsFor("provider"),
  });
  plop.setGenerator("channel", {
    description: "a way to reach a person",
    prompts: [
      { type: "input", name: "name", message: "Its name, like slack", validate: isName },
      { type: "input", name: "address", message: "The recipient's field that holds its address, like slackUserId" },
    ],
    actions: actionsFor("channel"),
  });
}

const source = "packages/channels/src";
const contract = `${source}/registry.contract.test.ts`;

/** What the contract test needs to know of a new one, right after the line that opens its list. */
const fixtures = {
  provider: {
    pattern: /^const fixtures: .+ = \{\n/m,
    template: `$&async {{snakeCase name}}() {
      const sink = await createWebhookSink();
      return {
        config: { apiKey: "secret", apiUrl: sink.url },
        ...overHttp(sink, { throttled: { status: 429 }, unavailable: { status: 503 }, refused: { status: 400 } }),
      };
    },\n`,
  },
  channel: {
    pattern: /^const messages: .+ = \{\n/m,
    template: `$&{{snakeCase name}}: { to: "ann", content: { text: "Hi" } },\n`,
  },
};

function actionsFor(kind: "provider" | "channel"): PlopTypes.ActionType[] {
  const type = kind === "provider" ? "Provider" : "Channel";
  const registry = `${source}/registry.ts`;
  const file = `${source}/${kind}s/{{name}}.ts`;
  const inRoot = (path: string) => `{{turbo.paths.root}}/${path}`;
  return [
    { type: "add", path: inRoot(file), templateFile: `templates/${kind}.ts.hbs` },
    {
      type: "modify",
      path: inRoot(registry),
      pattern: /^import .+;\n/m,
      template: `$&import { {{camelCase name}} } from "./${kind}s/{{name}}";\n`,
    },
    {
      type: "modify",
      path: inRoot(registry),
      pattern: new RegExp(`(byId<${type}>\\(\\[[^\\]]*?),?\\s*\\]`),
      template: "$1, {{camelCase name}}]",
    },
    { type: "modify", path: inRoot(contract), ...fixtures[kind] },
    function format(answers) {
      const paths = [registry, contract, file.replace("{{name}}", String((answers as { name: string }).name))];
      execFileSync(join(repository, "node_modules/.bin/biome"), ["check", "--write", ...paths], { cwd: repository });
      return "sorted and formatted";
    },
  ];
}

/** The ids of the channels there are, as their files say. */
function channelIds(): string[] {
  const sources = readdirSync(channelsFolder).map((file) => readFileSync(join(channelsFolder, file), "utf8"));
  return sources.flatMap((source) => /defineChannel.*\n {2}id: "(\w+)"/.exec(source)?.[1] ?? []);
}
