import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlopTypes } from "@turbo/gen";

const repository = join(__dirname, "../..");
const source = "packages/channels/src";

const isName = (name: string) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || "lower-case words with hyphens, please";

/** `turbo gen provider` and `turbo gen channel`: new files, a line in the registry, and what its contract test asks for. */
export default function generator(plop: PlopTypes.NodePlopAPI): void {
  plop.setGenerator("provider", {
    description: "code that can send on a channel",
    prompts: [
      { type: "input", name: "name", message: "Its name, like send-grid", validate: isName },
      { type: "list", name: "channel", message: "The channel it sends on", choices: channelIds() },
    ],
    actions: [
      add(`${source}/providers/{{name}}.ts`, "provider"),
      add(`${source}/testing/{{name}}-side.ts`, "provider-side"),
      add("tests/fakes/{{name}}-fake.ts", "provider-fake"),
      ...register("Provider"),
      addImport(`${source}/testing/sides.ts`, "{{camelCase name}}Side", "./{{name}}-side"),
      modify(
        `${source}/testing/sides.ts`,
        /^export const sides: .+ = \{\n/m,
        '$&"{{name}}": {{camelCase name}}Side,\n',
      ),
      format,
    ],
  });
  plop.setGenerator("channel", {
    description: "a way to reach a person",
    prompts: [
      { type: "input", name: "name", message: "Its name, like chat", validate: isName },
      { type: "input", name: "address", message: "The recipient's field that holds its address, like slackUserId" },
    ],
    actions: [
      add(`${source}/channels/{{name}}.ts`, "channel"),
      ...register("Channel"),
      modify(
        `${source}/registry.contract.test.ts`,
        /^const messages: .+ = \{\n/m,
        '$&{{snakeCase name}}: { to: "ann", content: { text: "Hi" } },\n',
      ),
      format,
    ],
  });
}

const inRoot = (path: string) => `{{turbo.paths.root}}/${path}`;

function add(path: string, template: string): PlopTypes.ActionType {
  return { type: "add", path: inRoot(path), templateFile: `templates/${template}.ts.hbs` };
}

/** Adds to a file that stands already. Plop takes a pattern that is not found for done; all of ours outlive the change. */
function modify(path: string, pattern: RegExp, template: string): PlopTypes.ActionType {
  const transform = (text: string) => {
    if (pattern.test(text)) return text;
    throw new Error(`${path} no longer has what the generator changes: ${pattern}`);
  };
  return { type: "modify", path: inRoot(path), pattern, template, transform };
}

function addImport(path: string, name: string, from: string): PlopTypes.ActionType {
  return modify(path, /^import .+;\n/m, `$&import { ${name} } from "${from}";\n`);
}

/** Its line in the registry, last in the list. */
function register(type: "Provider" | "Channel"): PlopTypes.ActionType[] {
  const registry = `${source}/registry.ts`;
  return [
    addImport(registry, "{{camelCase name}}", `./${type.toLowerCase()}s/{{name}}`),
    modify(registry, new RegExp(`(byId<${type}>\\(\\[[^\\]]*?),?\\s*\\]`), "$1, {{camelCase name}}]"),
  ];
}

/** Sorts the imports and formats, where plop has written. */
function format(): string {
  const written = [source, "tests/fakes"];
  execFileSync(join(repository, "node_modules/.bin/biome"), ["check", "--write", ...written], { cwd: repository });
  return "sorted and formatted";
}

/** The ids of the channels there are, as their files say. */
function channelIds(): string[] {
  const folder = join(repository, source, "channels");
  const sources = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  return sources.flatMap((text) => /defineChannel.*\n {2}id: "(\w+)"/.exec(text)?.[1] ?? []);
}
