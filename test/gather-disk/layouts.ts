import { stringify } from "yaml";
import type { Files } from "./disk.ts";
import { type FixtureResource, inNamespace, logTexts, namespacesOf, objects } from "./fixture.ts";

/** The fixture as each tool lays it out on disk. */

const all = Object.keys(objects) as FixtureResource[];
const kindOf: Readonly<Record<FixtureResource, [kind: string, apiVersion: string]>> = {
  deployments: ["Deployment", "apps/v1"],
  endpointslices: ["EndpointSlice", "discovery.k8s.io/v1"],
  events: ["Event", "v1"],
  ingresses: ["Ingress", "networking.k8s.io/v1"],
  namespaces: ["Namespace", "v1"],
  nodes: ["Node", "v1"],
  pods: ["Pod", "v1"],
  replicasets: ["ReplicaSet", "apps/v1"],
  services: ["Service", "v1"],
};

/** A list as Go clients print it: typed, with items that do not repeat the type. */
function typedList(resource: FixtureResource, namespace?: string): object {
  const [kind, apiVersion] = kindOf[resource];
  const items = inNamespace(resource, namespace).map((object) => {
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = object as { kind: string; apiVersion: string };
    return rest;
  });
  return { kind: `${kind}List`, apiVersion, metadata: { resourceVersion: "900" }, items };
}

const json = (value: unknown): string => JSON.stringify(value, null, 4);

const troubleshootNames: Partial<Record<FixtureResource, string>> = { ingresses: "ingress" };

export function supportBundleFiles(): Files {
  const files: Record<string, string> = {
    "version.yaml":
      "apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\nspec:\n    versionNumber: 0.120.0\n",
    "cluster-resources/pods/logs/ingress-nginx/gateway-7d9c6b5f4-x2x4z/controller.log": logTexts.gateway,
    "cluster-resources/pods/logs/shop/cart-0/app.log": logTexts.cart,
    "cluster-resources/pods/logs/shop/cart-0/app-previous.log": logTexts.cartPrevious,
    "host-collectors/system/memory.json": '{"total": 1}',
  };
  for (const resource of all) {
    const name = troubleshootNames[resource] ?? resource;
    if (namespacesOf(resource).length === 0)
      files[`cluster-resources/${name}.json`] = json(typedList(resource));
    for (const namespace of namespacesOf(resource)) {
      files[`cluster-resources/${name}/${namespace}.json`] = json(typedList(resource, namespace));
    }
  }
  return files;
}

export function mustGatherFiles(): Files {
  const top = "registry-example-com-must-gather-sha256-0f1e2d";
  const at = (path: string): string => `${top}/${path}`;
  const files: Record<string, string> = {
    timestamp: "2026-11-18 10:29:00.1 +0000 UTC m=+0.02\n2026-11-18 11:30:00.25 +0100 CET m=+60.1\n",
    [at("version")]: "openshift/must-gather\n4.20\n",
    [at("cluster-scoped-resources/core/nodes/worker-1.yaml")]: `---\n${stringify(objects.nodes[0])}`,
  };
  for (const namespace of ["ingress-nginx", "shop"]) {
    const object = objects.namespaces.find(({ metadata }) => metadata.name === namespace);
    files[at(`namespaces/${namespace}/${namespace}.yaml`)] = `---\n${stringify(object)}`;
    for (const resource of all) {
      if (namespacesOf(resource).length === 0) continue;
      const group = kindOf[resource][1].includes("/") ? kindOf[resource][1].split("/")[0] : "core";
      files[at(`namespaces/${namespace}/${group}/${resource}.yaml`)] =
        `---\n${stringify(typedList(resource, namespace))}`;
    }
    for (const pod of inNamespace("pods", namespace) as { metadata: { name: string } }[]) {
      const { name } = pod.metadata;
      files[at(`namespaces/${namespace}/pods/${name}/${name}.yaml`)] = `---\n${stringify(pod)}`;
    }
  }
  const log = (namespace: string, pod: string, container: string, file: string): string =>
    at(`namespaces/${namespace}/pods/${pod}/${container}/${container}/logs/${file}.log`);
  files[log("ingress-nginx", "gateway-7d9c6b5f4-x2x4z", "controller", "current")] = logTexts.gateway;
  files[log("shop", "cart-0", "app", "current")] = logTexts.cart;
  files[log("shop", "cart-0", "app", "previous")] = logTexts.cartPrevious;
  return files;
}

/** The lists that `kubectl cluster-info dump` takes, in its order. */
export const dumped = ["events", "services", "deployments", "replicasets", "pods"] as const;

const dumpLog = (namespace: string): [pod: string, container: string, text: string] =>
  namespace === "shop"
    ? ["cart-0", "app", logTexts.cart]
    : ["gateway-7d9c6b5f4-x2x4z", "controller", logTexts.gateway];

function markedLog(namespace: string): string {
  const [pod, container, text] = dumpLog(namespace);
  const words = `logs for container ${container} of pod ${namespace}/${pod} ====`;
  return `==== START ${words}\n${text}==== END ${words}\n`;
}

export function dumpFiles(): Files {
  const files: Record<string, string> = { "nodes.json": json(typedList("nodes")) };
  for (const namespace of ["ingress-nginx", "shop"]) {
    for (const resource of dumped)
      files[`${namespace}/${resource}.json`] = json(typedList(resource, namespace));
    files[`${namespace}/replication-controllers.json`] = json({
      kind: "ReplicationControllerList",
      items: [],
    });
    files[`${namespace}/${dumpLog(namespace)[0]}/logs.txt`] = markedLog(namespace);
  }
  return files;
}

/** The same without --output-directory: everything one after the other. */
export function dumpStream(): string {
  const parts = [json(typedList("nodes"))];
  for (const namespace of ["ingress-nginx", "shop"]) {
    const [events, ...others] = dumped;
    parts.push(
      json(typedList(events, namespace)),
      json({ kind: "ReplicationControllerList", apiVersion: "v1", items: [] }),
    );
    for (const resource of others) parts.push(json(typedList(resource, namespace)));
    parts.push(markedLog(namespace).trimEnd());
  }
  return `${parts.join("\n")}\n`;
}

export function plainFiles(): Files {
  const documents = [...objects.services, ...objects.ingresses, ...objects.endpointslices].map((object) =>
    stringify(object),
  );
  const list = (resource: FixtureResource): string =>
    json({ apiVersion: "v1", kind: "List", items: objects[resource] });
  return {
    "routes.yaml": `# by hand\n${documents.join("---\n")}`,
    "pods.json": list("pods"),
    "workloads/deployments.yml": stringify({ apiVersion: "v1", kind: "List", items: objects.deployments }),
    "workloads/replicasets.json": json(objects.replicasets),
    "cluster.json": `${json(objects.namespaces[0])}\n${json(objects.namespaces[1])}\n${JSON.stringify(objects.nodes[0])}\n`,
    "events.json": list("events"),
    "README.md": "kind: nothing",
    "logs/ingress-nginx/gateway-7d9c6b5f4-x2x4z/controller.log": logTexts.gateway,
    "logs/cart-0.log": logTexts.cart,
    "logs/cart-0-previous.log": logTexts.cartPrevious,
  };
}
