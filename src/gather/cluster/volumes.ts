import type { Pod } from "kubernetes-types/core/v1";
import { namespaceOf } from "../../evidence/evidence.ts";
import { claimNames, isReady } from "./narrow.ts";
import { cutShort, readList, readObjects, type Reader } from "./reader.ts";

const maxVolumes = 8;

/** Why a claim is not bound is told by its StorageClass; why a bound one does not mount, by its volume. */
export async function readVolumes(reader: Reader, namespace: string, pods: readonly Pod[]): Promise<void> {
  const waiting = pods.filter((pod) => namespaceOf(pod) === namespace && !isReady(pod));
  const claims = claimNames(waiting).flatMap(
    (name) => reader.collection.find("persistentvolumeclaims", namespace, name) ?? [],
  );
  if (claims.length === 0) return;
  const volumes = claims.flatMap((claim) => claim.spec?.volumeName ?? []);
  await Promise.all([
    readObjects(reader, "persistentvolumes", volumes.slice(0, maxVolumes)),
    claims.some((claim) => claim.status?.phase !== "Bound") ? readStorageClasses(reader) : undefined,
  ]);
}

async function readStorageClasses(reader: Reader): Promise<void> {
  const read = await readList(reader, { resource: "storageclasses", maxObjects: 200 });
  if (read.end === "more") cutShort(reader, "storageclasses", undefined, read.objects.length);
}
