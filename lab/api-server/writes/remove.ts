import { conflict } from "../status.ts";
import { storedKinds } from "../stored-kinds.ts";
import type { KubeObject, StoredObject } from "../stored-object.ts";
import type { DeleteOptions } from "../writes.ts";
import { objectOf } from "./json.ts";
import { hasGeneration } from "./prepare.ts";
import { type Place, putObject, timeText, type WriteContext } from "./write-context.ts";

export interface Removed {
  readonly stored: StoredObject;
  /** Taken away; otherwise only marked, because of its grace period or its finalizers. */
  readonly isGone: boolean;
}

export const foregroundFinalizer = "foregroundDeletion";
export const orphanFinalizer = "orphan";

/**
 * Deletes, or marks for deletion (kubernetes/apiserver pkg/registry/generic/registry/store.go, Delete); undefined when
 * there is no such object.
 * @throws StatusError 409 when it is not the object that was meant
 */
export function removeObject(
  context: WriteContext,
  place: Place,
  options: DeleteOptions = {},
): Removed | undefined {
  const stored = context.store.get(place.resource, place.name, place.namespace);
  if (stored === undefined) return undefined;
  checkPreconditions(place, stored, options);
  const { metadata = {} } = stored.object;
  const finalizers = finalizersOf(metadata.finalizers ?? [], options.propagationPolicy);
  const graceSeconds = place.resource === "pods" ? podGraceSeconds(stored.object, options) : 0;
  const isDeleting = metadata.deletionTimestamp !== undefined;
  // A second request can only shorten the time a pod has left.
  if (
    isDeleting &&
    graceSeconds >= (metadata.deletionGracePeriodSeconds ?? 0) &&
    !endsNow(graceSeconds, finalizers)
  )
    return { stored, isGone: false };
  const isDryRun = options.dryRun ?? false;
  if (endsNow(graceSeconds, finalizers) && place.resource !== "namespaces")
    return { stored: isDryRun ? stored : take(context, place, stored), isGone: true };
  const object = marked(context, place, stored.object, graceSeconds, finalizers);
  return { stored: putObject(context, place.resource, object, isDryRun), isGone: false };
}

const endsNow = (graceSeconds: number, finalizers: readonly string[]): boolean =>
  graceSeconds === 0 && finalizers.length === 0;

const take = (
  { store }: WriteContext,
  { resource, name, namespace }: Place,
  stored: StoredObject,
): StoredObject => store.remove(resource, name, namespace) ?? stored;

function checkPreconditions(
  { resource, name }: Place,
  stored: StoredObject,
  { preconditions }: DeleteOptions,
): void {
  const { group } = storedKinds[resource];
  const own = stored.object.metadata?.uid;
  const refuse = (what: string, wanted: string, found: string) =>
    conflict(
      resource,
      group,
      name,
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${found}`,
    );
  if (preconditions?.uid !== undefined && preconditions.uid !== own)
    throw refuse("UID", preconditions.uid, own ?? "");
  const revision = String(stored.revision);
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== revision)
    throw refuse("ResourceVersion", preconditions.resourceVersion, revision);
}

function finalizersOf(own: readonly string[], policy: DeleteOptions["propagationPolicy"]): string[] {
  const others = own.filter((f) => f !== foregroundFinalizer && f !== orphanFinalizer);
  if (policy === "Foreground") return [...others, foregroundFinalizer];
  if (policy === "Orphan") return [...others, orphanFinalizer];
  return policy === "Background" ? others : [...own];
}

const defaultGraceSeconds = 30;

/** kubernetes/kubernetes pkg/registry/core/pod/strategy.go, CheckGracefulDelete. */
function podGraceSeconds(pod: KubeObject, options: DeleteOptions): number {
  const spec = objectOf(pod["spec"]);
  const { phase } = objectOf(pod["status"]);
  const isScheduled = (spec["nodeName"] ?? "") !== "";
  if (!isScheduled || phase === "Succeeded" || phase === "Failed") return 0;
  const { metadata = {} } = pod;
  const own =
    metadata.deletionTimestamp === undefined
      ? spec["terminationGracePeriodSeconds"]
      : metadata.deletionGracePeriodSeconds;
  const seconds = options.gracePeriodSeconds ?? own ?? defaultGraceSeconds;
  return typeof seconds === "number" ? Math.max(seconds, 0) : defaultGraceSeconds;
}

function marked(
  context: WriteContext,
  { resource }: Place,
  object: KubeObject,
  graceSeconds: number,
  finalizers: readonly string[],
): KubeObject {
  const { metadata = {} } = object;
  const beganMs =
    metadata.deletionTimestamp === undefined
      ? context.nowMs()
      : Date.parse(metadata.deletionTimestamp ?? "") - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  const { finalizers: _finalizers, ...rest } = metadata;
  const generation = hasGeneration(resource) ? { generation: (metadata.generation ?? 0) + 1 } : {};
  return {
    ...object,
    ...(resource === "namespaces" ? { status: { phase: "Terminating" } } : {}),
    metadata: {
      ...rest,
      ...generation,
      deletionTimestamp: timeText(beganMs + graceSeconds * 1000),
      deletionGracePeriodSeconds: graceSeconds,
      ...(finalizers.length === 0 ? {} : { finalizers: [...finalizers] }),
    },
  };
}
