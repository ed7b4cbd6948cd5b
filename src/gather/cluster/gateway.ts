import type { Pod } from "kubernetes-types/core/v1";
import { firstFlag } from "../../derive/gateway-args.ts";
import { recogniseGateway } from "../../derive/gateway-pods.ts";
import { namespaceOf } from "../../evidence/evidence.ts";
import { ownerNames } from "./narrow.ts";
import { cutShort, readList, readObject, readObjects, type Reader } from "./reader.ts";

const maxNamespaces = 4;

/**
 * What surrounds the gateways' pods: configuration, workload, Services, events, policies, namespace.
 * Slices of the Service in front are left out: they say no more than the readiness of its pods.
 */
export async function readGatewaySurroundings(reader: Reader, pods: readonly Pod[]): Promise<void> {
  const namespaces = [...new Set(pods.map(namespaceOf))].sort();
  for (const left of namespaces.slice(maxNamespaces)) {
    reader.collection.lose(
      `gateway in namespace ${left}`,
      `gateways were read in ${maxNamespaces} namespaces only`,
    );
  }
  await Promise.all(
    namespaces.slice(0, maxNamespaces).map((namespace) => {
      const here = pods.filter((pod) => namespaceOf(pod) === namespace);
      return Promise.all([
        readObject(reader, "namespaces", namespace),
        readWorkloads(reader, namespace, here),
        readConfigMaps(reader, here),
        readWhole(reader, "services", namespace, 500),
        readWhole(reader, "networkpolicies", namespace, 500),
        readWhole(reader, "events", namespace, 1000),
      ]);
    }),
  );
}

async function readWhole(
  reader: Reader,
  resource: "networkpolicies" | "events" | "services",
  namespace: string,
  maxObjects: number,
): Promise<void> {
  const read = await readList(reader, { resource, namespace, maxObjects });
  if (read.end === "more") cutShort(reader, resource, namespace, read.objects.length);
}

async function readWorkloads(reader: Reader, namespace: string, pods: readonly Pod[]): Promise<void> {
  const owners = ownerNames(pods);
  await Promise.all(
    (["deployments", "daemonsets", "statefulsets"] as const).map((resource) =>
      readObjects(reader, resource, owners.get(resource) ?? [], namespace),
    ),
  );
}

/** The ConfigMaps that the controllers' flags name: NAMESPACE/NAME, or a name in the pod's own namespace. */
async function readConfigMaps(reader: Reader, pods: readonly Pod[]): Promise<void> {
  const named = new Set(
    pods.flatMap((pod) => {
      const flag = firstFlag(recogniseGateway(pod)?.flags ?? new Map(), ["configmap", "nginx-configmaps"]);
      if (flag === undefined) return [];
      return flag.includes("/") ? flag : `${namespaceOf(pod)}/${flag}`;
    }),
  );
  await Promise.all(
    [...named].map((text) => {
      const slash = text.indexOf("/");
      return readObject(reader, "configmaps", text.slice(slash + 1), text.slice(0, slash));
    }),
  );
}
