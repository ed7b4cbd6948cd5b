import { differences, type Difference } from "../base/differences.ts";
import { isObject, type JsonObject } from "../base/json-value.ts";
import { writtenPart, yamlLines } from "../fix/object-yaml.ts";
import { fileNameOf } from "../fix/plan.ts";
import { undoOf } from "../fix/undo.ts";
import { unifiedDiff } from "../fix/unified-diff.ts";
import type { Connection } from "../gather/cluster/connection.ts";
import type { ChangeReport } from "../report/fix-plan.ts";
import { ActProblem, Refused } from "./act-problem.ts";
import { dropEntry, entryId, type JournalEntry, writeEntry } from "./journal.ts";
import {
  findLive,
  getCommand,
  isPatchType,
  nameText,
  readLive,
  resourceVersionOf,
  uidOf,
  type Write,
  writeLive,
} from "./live-object.ts";

/** A change that the API server has tried and would take. */
export interface TriedChange {
  readonly write: Write;
  /** Absent: there is no such object yet. */
  readonly before?: JsonObject;
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
  if (type === "create") return tryCreate(connection, patch);
  if (!isPatchType(type)) throw new ActProblem(`a patch of type ${type} cannot be applied.`);
  const before = await readLive(connection, object);
  if (diagnosed !== undefined && editionOf(diagnosed) !== editionOf(before))
    throw new ActProblem(
      `${nameText(object)} was changed by somebody else since it was diagnosed, and nothing was written.\nRun the same again: the diagnosis may be another one now.`,
    );
  return tryWrite(connection, { object, type, body, resourceVersion: resourceVersionOf(before) }, before);
}

async function tryCreate(
  connection: Connection,
  { object, body }: NonNullable<ChangeReport["patch"]>,
): Promise<TriedChange> {
  if (!isObject(body)) throw new ActProblem(`what is to be made of ${nameText(object)} is no object.`);
  if ((await findLive(connection, object)) !== undefined)
    throw new ActProblem(
      `${nameText(object)} was made by somebody else since it was diagnosed as missing, and nothing was written.\nRun the same again: the diagnosis may be another one now.`,
    );
  return tryWrite(connection, { object, type: "create", body }, undefined);
}

/** @throws ActProblem when the API server refuses */
export async function tryWrite(
  connection: Connection,
  write: Write,
  before: JsonObject | undefined,
): Promise<TriedChange> {
  const { after, warnings } = await writeLive(connection, write, true);
  return {
    write,
    ...(before === undefined ? {} : { before }),
    made: madeOf(before, after),
    diff: unifiedDiff(fileNameOf(write.object), linesOf(before), linesOf(after)),
    warnings,
  };
}

const linesOf = (object: JsonObject | undefined): string[] => (object === undefined ? [] : yamlLines(object));

/** Of a new object its spec: what others add beside it, such as finalizers, is no reason to keep it. */
function madeOf(before: JsonObject | undefined, after: JsonObject | undefined): Difference[] {
  if (before !== undefined && after !== undefined)
    return differences(writtenPart(before), writtenPart(after));
  return after === undefined ? [] : differences({}, { spec: after["spec"] });
}

/** Keeps the state before, then makes the change. @throws ActProblem when somebody was faster, or it is refused */
export async function makeChange(
  connection: Connection,
  tried: TriedChange,
  about: Pick<JournalEntry, "target" | "cause" | "title">,
  at: Date,
): Promise<JournalEntry> {
  const { write, before } = tried;
  const { object } = write;
  const begun: JournalEntry = {
    schema: "why5xx.journal/v1",
    id: entryId(at, object),
    at: at.toISOString(),
    server: connection.server.href,
    context: connection.contextName,
    ...about,
    object,
    uid: before === undefined ? "" : uidOf(before),
    ...(before === undefined ? {} : { before: writtenPart(before) }),
    made: tried.made,
    state: "begun",
  };
  const now = await writeNow(connection, tried);
  writeEntry(begun);
  const after = await writtenOf(connection, now, begun);
  // Of a new object only the API server knows its identity, and what it filled in.
  const own = before === undefined ? { uid: uidOf(after), made: madeOf(undefined, after) } : {};
  const applied: JournalEntry = { ...begun, ...own, state: "applied" };
  writeEntry(applied);
  return applied;
}

async function writtenOf(connection: Connection, write: Write, begun: JournalEntry): Promise<JsonObject> {
  try {
    return (await writeLive(connection, write, false)).after ?? {};
  } catch (error) {
    if (error instanceof Refused) dropEntry(begun);
    const found = error instanceof Refused ? undefined : await foundMade(connection, write, begun);
    if (found === undefined) throw doubtful(error, connection, begun);
    return found;
  }
}

/** A write that got no answer, or a broken one, may have been done: the object says whether it was. */
async function foundMade(
  connection: Connection,
  write: Write,
  { object, uid, made }: JournalEntry,
): Promise<JsonObject | undefined> {
  try {
    const now = await readLive(connection, object);
    if (write.type === "create") return holds(now, write.body) ? now : undefined;
    return uidOf(now) === uid && undoOf(made, writtenPart(now)).kind === "patch" ? now : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an object says all that was asked for, whatever was filled in beside it. */
const holds = (now: JsonObject, asked: JsonObject): boolean =>
  differences(asked["spec"], now["spec"]).every((d) => d.before === undefined);

function doubtful(error: unknown, connection: Connection, { id, object }: JournalEntry): unknown {
  if (!(error instanceof Error) || error instanceof Refused) return error;
  return new ActProblem(
    `${error.message}\nWhether the change was made is not known; it is not seen yet. Look: ${connection.kubectl(getCommand(object))}\nIf it was made after all, take it back with: why5xx fix --rollback ${id}`,
  );
}

/** A status changes while somebody is asked, as pods come and go: only what people write makes it another object. */
export async function writeNow(connection: Connection, { write, before }: TriedChange): Promise<Write> {
  if (write.type === "create" || before === undefined) return write;
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
