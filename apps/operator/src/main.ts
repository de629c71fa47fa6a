import { stripVTControlCharacters } from "node:util";
import { readOperatorSettings } from "./env";
import { runOperator } from "./run-operator";

process.title = "tidings-operator";
process.exitCode = await runOperator({
  words: process.argv.slice(2),
  settings: readOperatorSettings(),
  print: writeTo(process.stdout),
  complain: writeTo(process.stderr),
});

/** In colour only where a person reads. */
function writeTo(stream: NodeJS.WriteStream) {
  return (text: string) => void stream.write(`${stream.isTTY ? text : stripVTControlCharacters(text)}\n`);
}
