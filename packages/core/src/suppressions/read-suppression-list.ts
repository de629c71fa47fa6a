import { pipeline } from "node:stream";
import { channels } from "@tidings/channels/registry";
import { Refusal } from "@tidings/shared/refusals";
import { CsvError, type Info, parse } from "csv-parse";
import { textOfCell } from "../csv-cell";
import { categorySchema } from "../notifications/notification-request";
import { type SuppressionReason, suppressionReasons } from "./suppression-reasons";
import { faultOfAddress } from "./suppression-schemas";

/** What a line of a list says. */
export interface ListedSuppression {
  channel: string;
  address: string;
  category: string;
  reason: SuppressionReason;
  detail: string | null;
}

/** A line of a list, by its number, counted from 1: what it says, or what is wrong with it. */
export type ListLine = { line: number } & ({ row: ListedSuppression } | { fault: string });

/** Most lines of one list, the header not counted. */
const maxListLines = 200_000;
/** Longest line: an address of 4 KB beside a detail. A quote that is never closed is found out by it. */
const maxLineBytes = 16_384;

const columns = ["channel", "address", "category", "reason", "detail", "createdat"] as const;
type Column = (typeof columns)[number];

/**
 * Reads a list of suppressions in CSV, as it comes: UTF-8, or little-endian UTF-16 with a byte order mark. The first line
 * names the columns; only `address` must be there, and `createdAt` of an export is passed over.
 * @throws {Refusal} `malformed_csv` when it can't be read on, `body_too_large` past {@link maxListLines}
 */
export async function* readSuppressionList(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ListLine> {
  const parser = parse({
    ...{ bom: true, info: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
    max_record_size: maxLineBytes,
  });
  pipeline(bytes, parser, () => {}); // what goes wrong is thrown where the lines are read
  let header: Column[] | null = null;
  let read = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (header) {
        read += 1;
        if (read > maxListLines) throw tooLong();
        yield { line: info.lines, ...readLine(header, record) };
      } else {
        header = readHeader(record);
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Refusal("malformed_csv", `Line ${error.lines} can't be read: ${wordsOf(error)}. ${progress(read)}`, {
      cause: error,
    });
  }
  if (!header) throw new Refusal("malformed_csv", "The list is empty: its first line must name the columns.");
}

function tooLong(): Refusal {
  return new Refusal(
    "body_too_large",
    `The list has more than ${maxListLines} lines. Those up to there may have been imported: send the rest by itself.`,
  );
}

function progress(read: number): string {
  return read === 0
    ? "Nothing was imported."
    : "Lines before it may have been imported; sending them again is harmless.";
}

function wordsOf({ code }: CsvError): string {
  if (code === "CSV_QUOTE_NOT_CLOSED") return "a quote is opened and never closed";
  if (code === "CSV_MAX_RECORD_SIZE") return `it is longer than ${maxLineBytes} bytes, or a quote is never closed`;
  return "it is no CSV";
}

function readHeader(cells: readonly string[]): Column[] {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const isOurs = (name: string): name is Column => (columns as readonly string[]).includes(name);
  if (cells.some((cell) => /[\0\ufffd]/.test(cell))) {
    throw new Refusal("malformed_csv", "The list is not in UTF-8. Save it as CSV in UTF-8 and send it again.");
  }
  const unknown = names.findIndex((name) => !isOurs(name));
  if (unknown >= 0) {
    const name = cells[unknown]?.trim().slice(0, 100);
    throw new Refusal("malformed_csv", `The column "${name}" is none of ${columns.slice(0, -1).join(", ")}.`);
  }
  if (!names.includes("address")) throw new Refusal("malformed_csv", "The first line names no column address.");
  if (new Set(names).size < names.length) throw new Refusal("malformed_csv", "The first line names a column twice.");
  return names.filter(isOurs);
}

function readLine(header: readonly Column[], cells: readonly string[]): { row: ListedSuppression } | { fault: string } {
  if (cells.length > header.length) return { fault: "has more cells than the first line" };
  const given: Partial<Record<Column, string>> = {};
  for (const [index, cell] of cells.entries()) {
    if (cell.includes("\ufffd")) return { fault: "is not in UTF-8" };
    if (cell.includes("\0")) return { fault: "holds U+0000" };
    given[header[index] as Column] = textOfCell(cell);
  }
  const { address = "", category = "", detail = "" } = given;
  const channel = given.channel || "email";
  if (!channels.has(channel)) return { fault: `channel must be one of ${[...channels.keys()].join(", ")}` };
  if (address === "") return { fault: "has no address" };
  const fault = faultOfAddress(channel, address);
  if (fault !== null) return { fault: `address ${fault}` };
  if (category !== "" && !categorySchema.safeParse(category).success) {
    return { fault: `category ${categorySchema.safeParse(category).error?.issues[0]?.message}` };
  }
  const reason = (given.reason || "manual") as SuppressionReason;
  if (!suppressionReasons.includes(reason)) return { fault: `reason must be one of ${suppressionReasons.join(", ")}` };
  return { row: { channel, address, category, reason, detail: detail || null } };
}
