import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from "citty";
import type { Connections } from "./connections";
import { UsageError } from "./usage-error";

/** What a command found or did: for scripts, and for people. */
export interface Answer {
  data: unknown;
  text: string;
}

/** A command still without connections. */
export type OperatorCommand = (connections: Connections, print: (text: string) => void) => CommandDef;

const jsonOption = { json: { type: "boolean", description: "Print JSON, for scripts" } } as const satisfies ArgsDef;

/**
 * Declares a command. It prints its answer as text, or as one line of JSON with `--json`, and refuses options and words it
 * does not know: a mistyped `--expires` must not make a key that never does.
 */
export function operatorCommand<const Args extends ArgsDef>(command: {
  /** As typed after `tidings`. */
  name: string;
  description: string;
  args: Args;
  run(args: ParsedArgs<Args>, connections: Connections): Promise<Answer>;
}): OperatorCommand {
  const args: ArgsDef = { ...command.args, ...jsonOption };
  return (connections, print) =>
    defineCommand({
      meta: { name: command.name, description: command.description },
      args,
      async run(context) {
        refuseUnknown(args, context.args);
        const { data, text } = await command.run(context.args as ParsedArgs<Args>, connections);
        print(context.args.json ? JSON.stringify(data) : text);
      },
    });
}

function refuseUnknown(args: ArgsDef, given: ParsedArgs): void {
  const known = new Set(
    Object.entries(args).flatMap(([name, arg]) => {
      const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return [name, camel, ...("alias" in arg ? [arg.alias ?? []].flat() : [])];
    }),
  );
  const unknown = Object.keys(given).filter((name) => name !== "_" && !known.has(name));
  if (unknown.length > 0) throw new UsageError(`There is no option ${unknown.map((name) => `--${name}`).join(", ")}.`);
  const places = Object.values(args).filter(({ type }) => type === "positional").length;
  const surplus = given._.slice(places);
  if (surplus.length > 0) throw new UsageError(`What is meant by ${surplus.join(" ")}?`);
}
