import { differences, type Difference } from "../base/differences.ts";
import { isObject, type JsonObject } from "../base/json-value.ts";
import { writtenPart, yamlLines } from "../fix/object-yaml.ts";
import { fileNameOf } from "../fix/plan.ts";
import { undoOf } from "../fix/undo.ts";
import { unifiedDiff } from "../fix/unified-diff.ts";
import type { Connection } from "../gather/cluster/connection.ts";
import type { ChangeReport } from "../report/fix-plan.ts";
import { ActProblem, AsBefore, Refused } from "./act-problem.ts";
import { dropEntry, entryId, type JournalEntry, writeEntry } from "./journal.ts";
import {
  getCommand,
  isPatchType,
  nameText,
  patchLive,
  readLive,
  resourceVersionOf,
  type Write,
} from "./live-object.ts";

/** A change that the API server has tried and would take. */
export interface TriedChange {
  readonly write: Write;
  readonly before: JsonObject;
  readonly made: readonly Difference[];
  /** What would become of the object, by the API server's own word. */
  readonly diff: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Reads the object as it is now and lets the API server try the patch without storing it.
 * @param diagnosed the object as it was diagnosed, when it was read then
 * @throws ActProblem when it is another by now, or the API server refuses
 */
export async function tryChange(
  connection: Connection,
  patch: NonNullable<ChangeReport["patch"]>,
  diagnosed: JsonObject | undefined,
): Promise<TriedChange> {
  const { object, type, body } = patch;
  if (!isPatchType(type)) throw new ActProblem(`a patch of type ${type} cannot be applied.`);
  const before = await readLive(connection, object);
  if (diagnosed !== undefined && editionOf(diagnosed) !== editionOf(before))
    throw new ActProblem(
      `${nameText(object)} was changed by somebody else since it was diagnosed, and nothing was written.\nRun the same again: the diagnosis may be another one now.`,
    );
  return tryWrite(connection, { object, type, body, resourceVersion: resourceVersionOf(before) }, before);
}

async function tryWrite(connection: Connection, write: Write, before: JsonObject): Promise<TriedChange> {
  const { after, warnings } = await patchLive(connection, write, true);
  const name = fileNameOf(write.object);
  return {
    write,
    before,
    made: differences(writtenPart(before), writtenPart(after)),
    diff: unifiedDiff(name, yamlLines(before), yamlLines(after)),
    warnings,
  };
}

/** Keeps the state before, then makes the change. @throws ActProblem when somebody was faster, or it is refused */
export async function makeChange(
  connection: Connection,
  tried: TriedChange,
  about: Pick<JournalEntry, "target" | "cause" | "title">,
  at: Date,
): Promise<JournalEntry> {
  const { object } = tried.write;
  const begun: JournalEntry = {
    schema: "why5xx.journal/v1",
    id: entryId(at, object),
    at: at.toISOString(),
    server: connection.server.href,
    context: connection.contextName,
    ...about,
    object,
    uid: uidOf(tried.before),
    before: writtenPart(tried.before),
    made: tried.made,
    state: "begun",
  };
  const write = await writeNow(connection, tried);
  writeEntry(begun);
  try {
    await patchLive(connection, write, false);
  } catch (error) {
    if (error instanceof Refused) dropEntry(begun);
    if (error instanceof Refused || !(await isMade(connection, begun)))
      throw doubtful(error, connection, begun);
  }
  const applied: JournalEntry = { ...begun, state: "applied" };
  writeEntry(applied);
  return applied;
}

/** A write that got no answer, or a broken one, may have been done: the object says whether it was. */
async function isMade(connection: Connection, { object, uid, made }: JournalEntry): Promise<boolean> {
  try {
    const now = await readLive(connection, object);
    return uidOf(now) === uid && undoOf(made, writtenPart(now)).kind === "patch";
  } catch {
    return false;
  }
}

function doubtful(error: unknown, connection: Connection, { id, object }: JournalEntry): unknown {
  if (!(error instanceof Error) || error instanceof Refused) return error;
  return new ActProblem(
    `${error.message}\nWhether the change was made is not known; it is not seen yet. Look: ${connection.kubectl(getCommand(object))}\nIf it was made after all, take it back with: why5xx fix --rollback ${id}`,
  );
}

/** What would take a change back, tried by the API server. @throws ActProblem when a field it set has changed since, AsBefore when all are as they were */
export async function tryUndo(connection: Connection, entry: JournalEntry): Promise<TriedChange> {
  const now = await readLive(connection, entry.object);
  if (uidOf(now) !== entry.uid)
    throw new ActProblem(
      `${nameText(entry.object)} was deleted and made anew since ${entry.at}: ${entry.id} does not fit it.`,
    );
  const undo = undoOf(entry.made, writtenPart(now));
  if (undo.kind === "as-before") {
    writeEntry({ ...entry, state: "undone" });
    throw new AsBefore(`Nothing to take back: ${nameText(entry.object)} is as it was before ${entry.id}.`);
  }
  if (undo.kind === "changed-since") {
    const fields = undo.fields.map(
      ({ path, ours, now: value }) => `  ${path}: was set to ${short(ours)}, is ${short(value)}`,
    );
    throw new ActProblem(
      `Not undone: somebody has changed the same of ${nameText(entry.object)} since ${entry.at}.\n${fields.join("\n")}\nWhat it was before is in the journal: ${entry.id}`,
    );
  }
  const write: Write = {
    object: entry.object,
    type: "json",
    body: undo.patch,
    resourceVersion: resourceVersionOf(now),
  };
  return tryWrite(connection, write, now);
}

export async function makeUndo(
  connection: Connection,
  tried: TriedChange,
  entry: JournalEntry,
): Promise<void> {
  await patchLive(connection, await writeNow(connection, tried), false);
  writeEntry({ ...entry, state: "undone" });
}

/** A status changes while somebody is asked, as pods come and go: only what people write makes it another object. */
async function writeNow(connection: Connection, { write, before }: TriedChange): Promise<Write> {
  const now = await readLive(connection, write.object);
  const isSame =
    uidOf(now) === uidOf(before) && differences(writtenPart(before), writtenPart(now)).length === 0;
  return isSame ? { ...write, resourceVersion: resourceVersionOf(now) } : write;
}

/** The generation grows with every change of what is wanted; what has none has no status that changes either. */
function editionOf(object: JsonObject): unknown {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  return metadata["generation"] ?? metadata["resourceVersion"];
}

function uidOf(object: JsonObject): string {
  const metadata = object["metadata"];
  const uid = isObject(metadata) ? metadata["uid"] : undefined;
  return typeof uid === "string" ? uid : "";
}

const short = (value: unknown): string =>
  value === undefined ? "not there" : (JSON.stringify(value) ?? "").slice(0, 120);
