import { createLogger } from "@tidings/runtime/logger";
import { type CommandDef, renderUsage, runCommand } from "citty";
import { billingSetup } from "./commands/billing";
import { deadLetterList } from "./commands/dead-letter";
import { demo } from "./commands/demo";
import { keyCreate, keyList, keyRevoke } from "./commands/key";
import { keysRotate } from "./commands/keys";
import { limitList, limitRemove, limitSet } from "./commands/limit";
import { migrateDatabase } from "./commands/migrate";
import { operatorsAdd, operatorsList, operatorsRemove } from "./commands/operators";
import { receiptUrls } from "./commands/receipt-urls";
import { seed } from "./commands/seed";
import { tenantCreate, tenantList, tenantUpdate } from "./commands/tenant";
import { usageVerify } from "./commands/usage";
import { usersAdd } from "./commands/users";
import { type Connections, openConnections } from "./connections";
import type { OperatorSettings } from "./env";
import { explainError } from "./explain-error";
import type { OperatorCommand } from "./operator-command";

export interface OperatorOptions {
  /** What was typed after `tidings`. */
  words: string[];
  settings: OperatorSettings;
  /** Answers, for stdout. */
  print(text: string): void;
  /** What went wrong, for stderr. */
  complain(text: string): void;
}

/**
 * Runs one command.
 * @returns the exit code: 0 done; 1 refused or failed; 2 called wrongly, or settings are missing
 */
export async function runOperator({ words, settings, print, complain }: OperatorOptions): Promise<0 | 1 | 2> {
  const destination = { write: (line: string) => complain(wordsOf(line)) };
  const connections = openConnections(settings, createLogger({ name: "tidings-operator", level: "warn", destination }));
  const root = commandTree(connections, print);
  try {
    const command = findCommand(root, words);
    const isGroup = command.subCommands !== undefined;
    const wantsHelp = words.length === 0 || words.includes("--help") || words.includes("-h");
    if (wantsHelp || isGroup) {
      const usage = await renderUsage(command, command === root ? undefined : root);
      if (wantsHelp) print(usage);
      else complain(usage);
      return wantsHelp ? 0 : 2;
    }
    await runCommand(root, { rawArgs: words });
    return 0;
  } catch (error) {
    const { text, exitCode } = explainError(error);
    complain(text);
    return exitCode;
  } finally {
    await connections.close();
  }
}

function commandTree(connections: Connections, print: (text: string) => void): CommandDef {
  const build = (command: OperatorCommand) => command(connections, print);
  const group = (name: string, description: string, subCommands: Record<string, CommandDef>): CommandDef => ({
    meta: { name, description },
    subCommands,
  });
  return group("tidings", "What an operator of Tidings does", {
    tenant: group("tenant", "Make, change and list tenants", {
      create: build(tenantCreate),
      update: build(tenantUpdate),
      list: build(tenantList),
    }),
    key: group("key", "Make, list and revoke API keys", {
      create: build(keyCreate),
      list: build(keyList),
      revoke: build(keyRevoke),
    }),
    keys: group("keys", "The keys that stored secrets are sealed with", {
      rotate: build(keysRotate),
    }),
    limit: group("limit", "Limit how much a tenant may send", {
      set: build(limitSet),
      remove: build(limitRemove),
      list: build(limitList),
    }),
    usage: group("usage", "See whether what is billed is what was sent", {
      verify: build(usageVerify),
    }),
    billing: group("billing", "What plans cost, where Stripe takes the money", {
      setup: build(billingSetup),
    }),
    "dead-letter": group("dead-letter", "See what could not be processed", {
      list: build(deadLetterList),
    }),
    users: group("users", "People who sign in to the console", {
      add: build(usersAdd),
    }),
    operators: group("operators", "Who sees the operator's pages of the console", {
      add: build(operatorsAdd),
      remove: build(operatorsRemove),
      list: build(operatorsList),
    }),
    "receipt-urls": build(receiptUrls),
    migrate: build(migrateDatabase),
    demo: build(demo),
    seed: build(seed),
  });
}

/** The command that the leading words name, or the group as far as they do. */
function findCommand(root: CommandDef, words: readonly string[]): CommandDef {
  let command = root;
  for (const word of words) {
    const next = (command.subCommands as Record<string, CommandDef> | undefined)?.[word];
    if (!next) break;
    command = next;
  }
  return command;
}

/** A line of the log as a person at a terminal wants it. */
function wordsOf(line: string): string {
  const { msg, err } = JSON.parse(line) as { msg: string; err?: { message: string } };
  return err ? `${msg}: ${err.message}` : msg;
}
