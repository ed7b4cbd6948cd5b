import type { ObjectTarget, Target } from "../../target/target.ts";
import type { ClusterOptions } from "./options.ts";
import { cutShort, readList, readObject, type Reader, readSelected } from "./reader.ts";

const maxIngresses = 20_000;

/** Where requests come in: the Ingresses, their classes, and the Service when the target names one. */
export async function readEntry(reader: Reader, options: ClusterOptions, target: Target): Promise<void> {
  const own = target.namespace ?? options.namespace ?? reader.api.connection.namespace ?? "default";
  await Promise.all([
    readIngresses(reader, own, target),
    readClasses(reader),
    target.kind === "object" && target.resource === "service"
      ? readNamedService(reader, target, own)
      : undefined,
    target.kind === "url" ? readServiceOfHost(reader, target.host) : undefined,
  ]);
}

/** Of all namespaces, because a gateway merges the rules of all; of one when that is forbidden. */
async function readIngresses(reader: Reader, own: string, target: Target): Promise<void> {
  const one = target.kind === "all" && target.namespace !== undefined;
  const scope = one ? { namespace: target.namespace } : {};
  const read = await readList(reader, { resource: "ingresses", ...scope, maxObjects: maxIngresses });
  if (read.end === "more") cutShort(reader, "ingresses", undefined, read.objects.length);
  if (read.failure?.kind === "forbidden" && !one) {
    await readList(reader, { resource: "ingresses", namespace: own, maxObjects: maxIngresses });
  }
}

async function readClasses(reader: Reader): Promise<void> {
  const read = await readList(reader, { resource: "ingressclasses", maxObjects: 500 });
  if (read.end === "more") cutShort(reader, "ingressclasses", undefined, read.objects.length);
}

async function readNamedService(reader: Reader, target: ObjectTarget, own: string): Promise<void> {
  if (target.namespace !== undefined) {
    await readServices(reader, target.namespace);
    return;
  }
  const fieldSelector = `metadata.name=${target.name}`;
  const read = await readSelected(reader, { resource: "services", fieldSelector, maxObjects: 500 });
  if (read.objects.length === 0) await readServices(reader, own);
}

async function readServices(reader: Reader, namespace: string): Promise<void> {
  const read = await readList(reader, { resource: "services", namespace, maxObjects: 500 });
  if (read.end === "more") cutShort(reader, "services", namespace, read.objects.length);
}

/** "cart.shop.svc.cluster.local" names a Service by itself. */
async function readServiceOfHost(reader: Reader, host: string): Promise<void> {
  const [name = "", namespace = "", svc] = host.split(".");
  if (svc === "svc") await readObject(reader, "services", name, namespace);
}
