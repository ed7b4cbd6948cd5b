import { resourceOfKind, resources } from "../evidence/kinds.ts";
import { apiVersionOf } from "../fix/find-object.ts";
import type { JsonObject } from "../base/json-value.ts";
import { isObject } from "../base/json-value.ts";
import type { Connection } from "../gather/cluster/connection.ts";
import { isObjectName, objectPath, withQuery } from "../gather/cluster/paths.ts";
import type { ObjectReport } from "../report/report.ts";
import { ActProblem, Refused } from "./act-problem.ts";
import { type Reply, send } from "./send.ts";

/** Who the API server's field ownership says made the change. */
const writer = "why5xx";

const contentTypes = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
} as const;

export type PatchType = keyof typeof contentTypes;

export const isPatchType = (type: string): type is PatchType => Object.hasOwn(contentTypes, type);

export const nameText = ({ kind, namespace, name }: ObjectReport): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

/** What shows the object, behind `kubectl`. */
export const getCommand = ({ kind, namespace, name }: ObjectReport): string =>
  `get ${kind.toLowerCase()} ${name}${namespace === undefined ? "" : ` -n ${namespace}`} -o yaml`;

/** @throws ActProblem for a kind or name that no request may be made of */
function pathOf({ kind, namespace, name }: ObjectReport): string {
  const resource = resourceOfKind(kind);
  if (resource === undefined) throw new ActProblem(`objects of kind ${kind} cannot be changed by why5xx.`);
  if (!isObjectName(name) || (namespace !== undefined && !isObjectName(namespace)))
    throw new ActProblem(`"${name}" is no name of a Kubernetes object.`);
  return objectPath(resource, name, resources[resource].namespaced ? (namespace ?? "default") : undefined);
}

/** The object as it is now, with its apiVersion and kind. @throws ActProblem */
export async function readLive(connection: Connection, object: ObjectReport): Promise<JsonObject> {
  const reply = await send(connection, { method: "GET", path: pathOf(object) });
  if (reply.status !== 200) throw refusal(connection, reply, "read", object);
  return withKind(reply.body, object);
}

/** As readLive; undefined where there is no such object. @throws ActProblem */
export async function findLive(
  connection: Connection,
  object: ObjectReport,
): Promise<JsonObject | undefined> {
  const reply = await send(connection, { method: "GET", path: pathOf(object) });
  if (reply.status === 404) return undefined;
  if (reply.status !== 200) throw refusal(connection, reply, "read", object);
  return withKind(reply.body, object);
}

interface PatchWrite {
  readonly object: ObjectReport;
  readonly type: PatchType;
  readonly body: unknown;
  /** The state the change was made for: any other is a conflict. */
  readonly resourceVersion: string;
}

/** A whole object that is not there yet. */
interface CreateWrite {
  readonly object: ObjectReport;
  readonly type: "create";
  readonly body: JsonObject;
}

/** Takes an object away, in the state and of the identity that it had. */
interface DeleteWrite {
  readonly object: ObjectReport;
  readonly type: "delete";
  readonly uid: string;
  readonly resourceVersion: string;
}

export type Write = PatchWrite | CreateWrite | DeleteWrite;

export interface Written {
  /** What became of the object; undefined when it was taken away. */
  readonly after?: JsonObject;
  readonly warnings: readonly string[];
}

/** Sends a write once; with `isDryRun` nothing is stored. @throws ActProblem */
export function writeLive(connection: Connection, write: Write, isDryRun: boolean): Promise<Written> {
  if (write.type === "create") return createLive(connection, write, isDryRun);
  return write.type === "delete"
    ? deleteLive(connection, write, isDryRun)
    : patchLive(connection, write, isDryRun);
}

async function createLive(
  connection: Connection,
  { object, body }: CreateWrite,
  isDryRun: boolean,
): Promise<Written> {
  const path = withQuery(pathOf(object).replace(/\/[^/]+$/, ""), {
    fieldManager: writer,
    fieldValidation: "Strict",
    ...(isDryRun ? { dryRun: "All" } : {}),
  });
  const reply = await send(connection, { method: "POST", path, contentType: "application/json", body });
  if (reply.status !== 201) throw refusal(connection, reply, isDryRun ? "try to create" : "create", object);
  return { after: withKind(reply.body, object), warnings: reply.warnings };
}

async function deleteLive(
  connection: Connection,
  { object, uid, resourceVersion }: DeleteWrite,
  isDryRun: boolean,
): Promise<Written> {
  const path = withQuery(pathOf(object), isDryRun ? { dryRun: "All" } : {});
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    preconditions: { uid, resourceVersion },
    ...(isDryRun ? { dryRun: ["All"] } : {}),
  };
  const reply = await send(connection, { method: "DELETE", path, contentType: "application/json", body });
  if (reply.status !== 200 && reply.status !== 202)
    throw refusal(connection, reply, isDryRun ? "try to delete" : "delete", object);
  return { warnings: reply.warnings };
}

/** Sends a patch that fits one resourceVersion only; with `isDryRun` nothing is stored. @throws ActProblem */
async function patchLive(
  connection: Connection,
  { object, type, body, resourceVersion }: PatchWrite,
  isDryRun: boolean,
): Promise<Written & { readonly after: JsonObject }> {
  const path = withQuery(pathOf(object), {
    fieldManager: writer,
    fieldValidation: "Strict",
    ...(isDryRun ? { dryRun: "All" } : {}),
  });
  const reply = await send(connection, {
    method: "PATCH",
    path,
    contentType: contentTypes[type],
    body: guarded(type, body, resourceVersion),
  });
  if (reply.status !== 200) throw refusal(connection, reply, isDryRun ? "try a change of" : "change", object);
  return { after: withKind(reply.body, object), warnings: reply.warnings };
}

/**
 * A patch that names a resourceVersion is refused with 409 when the object has another by then. In a JSON patch it
 * is replaced, not tested: a failed test would be a 422 that says nothing of a conflict.
 */
function guarded(type: PatchType, body: unknown, resourceVersion: string): unknown {
  if (type === "json")
    return [
      { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
      ...(Array.isArray(body) ? (body as readonly unknown[]) : []),
    ];
  const patch = isObject(body) ? body : {};
  const metadata = isObject(patch["metadata"]) ? patch["metadata"] : {};
  return { ...patch, metadata: { ...metadata, resourceVersion } };
}

function withKind(body: JsonObject, { kind }: ObjectReport): JsonObject {
  const resource = resourceOfKind(kind);
  return resource === undefined ? body : { apiVersion: apiVersionOf(resource), kind, ...body };
}

export function uidOf(object: JsonObject): string {
  const metadata = object["metadata"];
  const uid = isObject(metadata) ? metadata["uid"] : undefined;
  return typeof uid === "string" ? uid : "";
}

/** @throws ActProblem for an object that has none */
export function resourceVersionOf(object: JsonObject): string {
  const metadata = object["metadata"];
  const version = isObject(metadata) ? metadata["resourceVersion"] : undefined;
  if (typeof version !== "string")
    throw new ActProblem("the API server gave an object without a resourceVersion.");
  return version;
}

const verbs: Readonly<Record<string, string>> = {
  read: "get",
  create: "create",
  "try to create": "create",
  delete: "delete",
  "try to delete": "delete",
};

/** What the API server said, and what to do about it. */
function refusal(
  connection: Connection,
  { status, body }: Reply,
  act: string,
  object: ObjectReport,
): ActProblem {
  const said = typeof body["message"] === "string" ? body["message"].slice(0, 500) : "";
  const name = nameText(object);
  const where = object.namespace === undefined ? "" : ` -n ${object.namespace}`;
  const asked = connection.kubectl(getCommand(object));
  if (status === 409)
    return new Refused(
      `${name} was changed by somebody else in this moment, and nothing was written: ${said}\nLook at it, then run the same again: ${asked}`,
    );
  if (status === 403) {
    const may = connection.kubectl(
      `auth can-i ${verbs[act] ?? "patch"} ${object.kind.toLowerCase()}/${object.name}${where}`,
    );
    return new Refused(`not allowed to ${act} ${name}: ${said}\nSee: ${may}`);
  }
  if (status === 404) return new Refused(`there is no ${name} any more: ${said}\nSee: ${asked}`);
  // What a proxy or an API server that broke down answers may have been written.
  const Problem = status < 500 ? Refused : ActProblem;
  return new Problem(`the API server refused to ${act} ${name} (${status}): ${said}\nSee: ${asked}`);
}
