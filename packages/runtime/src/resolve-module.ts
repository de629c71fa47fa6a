import { pathToFileURL } from "node:url";

/**
 * The file of a package of npm, for a thread that loads it by itself. Asked of Node at run time and from where the process
 * runs: bundlers put names of their own into what they recognise, and a thread can do nothing with those.
 */
export function resolveModule(name: string): string {
  const { createRequire } = process.getBuiltinModule("node:module");
  return createRequire(pathToFileURL(process.argv[1] ?? `${process.cwd()}/`)).resolve(name);
}
