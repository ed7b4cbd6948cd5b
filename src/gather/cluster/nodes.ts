import type { Pod } from "kubernetes-types/core/v1";
import { nameOf } from "../../evidence/evidence.ts";
import { listObjects } from "./list.ts";
import { isObjectName } from "./paths.ts";
import { readList, readObjects, type Reader } from "./reader.ts";

const maxNodes = 20;
const maxLabelLength = 63;
/** 15 kB each, most of it the list of images. */
const maxListedNodes = 100;
const maxEvents = 500;

/**
 * The Nodes that host these pods. One list by the hostname label, which almost everywhere is the Node's
 * name, stands for many calls; a Node that it does not give is asked for by name.
 */
export async function readNodes(reader: Reader, pods: readonly Pod[]): Promise<void> {
  const names = [...new Set(pods.flatMap((pod) => pod.spec?.nodeName ?? []))].sort();
  if (names.length > maxNodes) {
    reader.collection.lose("nodes", `${names.length} nodes host these pods; the first ${maxNodes} were read`);
  }
  const wanted = names.slice(0, maxNodes);
  const labels = wanted.filter((name) => name.length <= maxLabelLength && isObjectName(name));
  if (labels.length > 1) {
    const listed = await listObjects(reader.api, {
      resource: "nodes",
      labelSelector: `kubernetes.io/hostname in (${labels.join(",")})`,
      maxObjects: labels.length,
    });
    reader.collection.add("nodes", listed.objects);
  }
  await readObjects(reader, "nodes", wanted);
}

/** Every Node of a small cluster, for a diagnosis of every route; of a large one those that host these pods. */
export async function readAllNodes(reader: Reader, pods: readonly Pod[]): Promise<void> {
  const read = await readList(reader, { resource: "nodes", maxObjects: maxListedNodes });
  if (read.end !== "whole") await readNodes(reader, pods);
}

/**
 * Events about Nodes, which live in namespace "default". They are listed while the Nodes are still
 * being found; the function that comes back adds those of the Nodes that were read.
 */
export async function listNodeEvents(reader: Reader): Promise<() => void> {
  const { api, collection } = reader;
  const listed = await listObjects(api, {
    resource: "events",
    namespace: "default",
    fieldSelector: "involvedObject.kind=Node",
    maxObjects: maxEvents,
  });
  return () => {
    const hosts = new Set(collection.objects("nodes").map(nameOf));
    collection.add(
      "events",
      listed.objects.filter((event) => hosts.has(event.involvedObject?.name ?? "")),
    );
    const { failure } = listed;
    if (failure !== undefined) {
      collection.cover({
        resource: "events",
        namespace: "default",
        extent: "failed",
        reason: failure.reason,
      });
      return;
    }
    collection.cover({ resource: "events", namespace: "default", extent: "selected" });
    if (listed.more) collection.lose("events about Nodes", `only the first ${maxEvents} were read`);
  };
}
