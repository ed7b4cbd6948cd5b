import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Difference } from "../base/differences.ts";
import { isObject, type JsonObject } from "../base/json-value.ts";
import type { ObjectReport } from "../report/report.ts";
import { ActProblem } from "./act-problem.ts";

/** A change as it is kept for undoing, written before the change is. */
export interface JournalEntry {
  readonly schema: "why5xx.journal/v1";
  readonly id: string;
  readonly at: string;
  readonly server: string;
  readonly context: string;
  readonly target: string;
  readonly cause: string;
  readonly title: string;
  readonly object: ObjectReport;
  /** An object deleted and made anew is another one; empty for one that is about to be made. */
  readonly uid: string;
  /** Of the object, without status: what people wrote; absent when there was none, and the change made it. */
  readonly before?: JsonObject;
  readonly made: readonly Difference[];
  /** "begun": whether it was written is not known. */
  readonly state: "begun" | "applied" | "undone";
}

/** XDG Base Directory Specification: state that is kept between runs. */
const folderOf = (environment: NodeJS.ProcessEnv): string =>
  join(environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "why5xx", "journal");

export function entryId(at: Date, { kind, namespace, name }: ObjectReport): string {
  const time = at
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.(\d+)Z$/, "$1Z");
  return [time, kind.toLowerCase(), namespace, name].filter((part) => part !== undefined).join("-");
}

/** Writes or replaces an entry, for nobody else to read: objects may hold what is nobody's business. @throws ActProblem */
export function writeEntry(entry: JournalEntry, environment = process.env): void {
  const folder = folderOf(environment);
  const file = join(folder, `${entry.id}.json`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, `${JSON.stringify(entry, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new ActProblem(
      `the state before the change could not be kept in ${folder}, so nothing was changed: ${(error as Error).message}\nName another folder: XDG_STATE_HOME=DIR why5xx fix …`,
    );
  }
}

/** Of a change that was never made. */
export const dropEntry = ({ id }: JournalEntry, environment = process.env): void =>
  rmSync(join(folderOf(environment), `${id}.json`), { force: true });

/** Entries of one API server, oldest first; files that are no entries are passed by. */
function entries(server: string, environment = process.env): JournalEntry[] {
  const folder = folderOf(environment);
  return filesIn(folder)
    .flatMap((name) => entryIn(join(folder, name)))
    .filter((entry) => entry.server === server);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch {
    return [];
  }
}

function entryIn(path: string): JournalEntry[] {
  try {
    const entry = JSON.parse(readFileSync(path, "utf8")) as JournalEntry;
    const isWhole =
      isObject(entry) && isObject(entry.object) && typeof entry.id === "string" && Array.isArray(entry.made);
    return isWhole && entry.schema === "why5xx.journal/v1" ? [entry] : [];
  } catch {
    return [];
  }
}

/** The change to undo: the one named, or the last that was made and not undone. @throws ActProblem */
export function entryToUndo(server: string, id: string | undefined, environment = process.env): JournalEntry {
  const all = entries(server, environment);
  const open = all.filter((entry) => entry.state !== "undone");
  const found = id === undefined ? open.at(-1) : all.find((entry) => entry.id === id);
  if (found?.state === "undone") throw new ActProblem(`${found.id} was undone already.`);
  if (found !== undefined) return found;
  const known = open.map((entry) => `  ${entry.id}  ${entry.title}`).slice(-10);
  const none = `No change made by why5xx to ${server} is left to undo (looked in ${folderOf(environment)}).`;
  if (id === undefined || known.length === 0)
    throw new ActProblem(id === undefined ? none : `there is no change ${id}. ${none}`);
  throw new ActProblem(`there is no change ${id}. These can be undone:\n${known.join("\n")}`);
}
