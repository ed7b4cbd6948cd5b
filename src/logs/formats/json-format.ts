import type { LogHop } from "../traffic.ts";
import type { AccessFields } from "./access-line.ts";

/**
 * One gateway's JSON access format. The line is parsed once for all of them (formats/json-formats.ts), so a reader
 * begins with its tell-tale keys and gives undefined for entries of others.
 */
export interface JsonFormat {
  /** As the report names it: "envoy-json". */
  readonly name: string;
  /** Where the writer of such lines stands; absent: "gateway". */
  readonly hop?: LogHop;
  readEntry(entry: JsonEntry, line: string): AccessFields | undefined;
}

export type JsonEntry = Readonly<Record<string, unknown>>;
