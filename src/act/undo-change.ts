import type { JsonObject } from "../base/json-value.ts";
import { writtenPart } from "../fix/object-yaml.ts";
import { undoOf } from "../fix/undo.ts";
import type { Connection } from "../gather/cluster/connection.ts";
import { ActProblem, AsBefore } from "./act-problem.ts";
import { type TriedChange, tryWrite, writeNow } from "./apply-change.ts";
import { type JournalEntry, writeEntry } from "./journal.ts";
import {
  findLive,
  nameText,
  readLive,
  resourceVersionOf,
  uidOf,
  type Write,
  writeLive,
} from "./live-object.ts";

/**
 * What would take a change back, tried by the API server.
 * @throws ActProblem when a field it set has changed since, AsBefore when all are as they were
 */
export async function tryUndo(connection: Connection, entry: JournalEntry): Promise<TriedChange> {
  const { object } = entry;
  const now =
    entry.before === undefined ? await findLive(connection, object) : await readLive(connection, object);
  if (now === undefined) throw asBefore(entry);
  // A creation that was never answered has no identity: what it says tells whether it is that one.
  if (entry.uid !== "" && uidOf(now) !== entry.uid)
    throw new ActProblem(
      `${nameText(object)} was deleted and made anew since ${entry.at}: ${entry.id} does not fit it.`,
    );
  return tryWrite(connection, undoWrite(entry, now), now);
}

function undoWrite(entry: JournalEntry, now: JsonObject): Write {
  const { object } = entry;
  const resourceVersion = resourceVersionOf(now);
  const undo = undoOf(entry.made, writtenPart(now));
  if (undo.kind === "as-before") throw asBefore(entry);
  if (undo.kind === "patch")
    return entry.before === undefined
      ? { object, type: "delete", uid: uidOf(now), resourceVersion }
      : { object, type: "json", body: undo.patch, resourceVersion };
  const fields = undo.fields.map(
    ({ path, ours, now: value }) => `  ${path}: was set to ${short(ours)}, is ${short(value)}`,
  );
  throw new ActProblem(
    `Not undone: somebody has changed the same of ${nameText(object)} since ${entry.at}.\n${fields.join("\n")}\nWhat it was before is in the journal: ${entry.id}`,
  );
}

/** The entry is closed: there is nothing left to do for it. */
function asBefore(entry: JournalEntry): AsBefore {
  writeEntry({ ...entry, state: "undone" });
  return new AsBefore(`Nothing to take back: ${nameText(entry.object)} is as it was before ${entry.id}.`);
}

/** @throws ActProblem */
export async function makeUndo(
  connection: Connection,
  tried: TriedChange,
  entry: JournalEntry,
): Promise<void> {
  await writeLive(connection, await writeNow(connection, tried), false);
  writeEntry({ ...entry, state: "undone" });
}

const short = (value: unknown): string =>
  value === undefined ? "not there" : (JSON.stringify(value) ?? "").slice(0, 120);
