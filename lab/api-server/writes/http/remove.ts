import { type Answer, jsonAnswer } from "../../answer.ts";
import { selectionOf } from "../../selection.ts";
import { apiVersionOf } from "../../served.ts";
import { objectNotFound } from "../../status.ts";
import type { StoredResource } from "../../stored-kinds.ts";
import type { DeleteOptions } from "../../writes.ts";
import { listOf, objectOf } from "../json.ts";
import { removeObject } from "../remove.ts";
import { readObject } from "./body.ts";
import { writeQuery } from "./options.ts";
import { doneAnswer, objectAnswer, placeOf, type WriteRequest } from "./write.ts";

/** Kinds whose deletion answers with the object that went, not with a Status (ReturnDeletedObject). */
const answersWithObject = new Set<StoredResource>([
  "persistentvolumeclaims",
  "persistentvolumes",
  "pods",
  "resourcequotas",
  "serviceaccounts",
  "services",
]);

/** DELETE of one object. */
export function removeOne(all: WriteRequest): Answer {
  const { context, served, path } = all;
  const options = deleteOptions(all);
  const removed = removeObject(context, placeOf(all), options);
  if (removed === undefined) throw objectNotFound(served.plural, served.group, path.name ?? "");
  const { stored, isGone } = removed;
  if (isGone && !answersWithObject.has(served.stored)) return doneAnswer(all, stored);
  const waits = !isGone && ["Foreground", "Orphan"].includes(options.propagationPolicy ?? "");
  return objectAnswer(stored, served, waits ? 202 : 200);
}

/** DELETE of a collection, or of what a selector finds of it. */
export function removeAll(all: WriteRequest): Answer {
  const { cluster, context, request, served, path } = all;
  const options = deleteOptions(all);
  const selected = selectionOf(request.query, served);
  const items = cluster.store
    .list(served.stored, path.namespace)
    .filter((stored) => selected === undefined || selected(stored))
    .flatMap(({ name, namespace }) => {
      const removed = removeObject(context, { resource: served.stored, name, namespace }, options);
      return removed === undefined ? [] : [removed.stored.object];
    });
  const metadata = { resourceVersion: String(cluster.store.revision()) };
  return jsonAnswer({ kind: `${served.kind}List`, apiVersion: apiVersionOf(served), metadata, items });
}

/** DeleteOptions of the body; the query has them for clients that send none. */
function deleteOptions({ request, body }: WriteRequest): DeleteOptions {
  const given = body.length === 0 ? {} : readObject(request, body);
  return optionsOf(given, request.query, writeQuery(request).dryRun);
}

export function optionsOf(
  given: Readonly<Record<string, unknown>>,
  query: URLSearchParams,
  dryRun: boolean,
): DeleteOptions {
  const grace = given["gracePeriodSeconds"] ?? query.get("gracePeriodSeconds") ?? undefined;
  const policy = given["propagationPolicy"] ?? query.get("propagationPolicy") ?? undefined;
  const orphans = given["orphanDependents"] ?? query.get("orphanDependents");
  const { uid, resourceVersion } = objectOf(given["preconditions"]);
  const named = (["Background", "Foreground", "Orphan"] as const).find((p) => p === policy);
  const propagationPolicy = named ?? (orphans === true || orphans === "true" ? "Orphan" : undefined);
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    preconditions: {
      ...(typeof uid === "string" ? { uid } : {}),
      ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
    },
    dryRun: dryRun || listOf(given["dryRun"]).includes("All"),
  };
}
