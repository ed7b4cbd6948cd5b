import { allResources, type Resource, resources } from "../../../evidence/kinds.ts";

/** Short names as `kubectl api-resources` lists them. */
const shortNames: Readonly<Record<string, Resource>> = {
  cm: "configmaps",
  deploy: "deployments",
  ds: "daemonsets",
  ep: "endpoints",
  ev: "events",
  hpa: "horizontalpodautoscalers",
  ing: "ingresses",
  limits: "limitranges",
  netpol: "networkpolicies",
  no: "nodes",
  ns: "namespaces",
  pdb: "poddisruptionbudgets",
  po: "pods",
  pv: "persistentvolumes",
  pvc: "persistentvolumeclaims",
  quota: "resourcequotas",
  ro: "rollouts",
  rs: "replicasets",
  sa: "serviceaccounts",
  sc: "storageclasses",
  sts: "statefulsets",
  svc: "services",
};

/** The resource that a person means by pods, pod, po, pods.v1, Pod or deployments.apps. */
export function resourceOfAlias(word: string): Resource | undefined {
  const plain = word.toLowerCase().replace(/\..*$/, "");
  if (Object.hasOwn(shortNames, plain)) return shortNames[plain];
  return allResources.find(
    (resource) => resource === plain || resources[resource].kind.toLowerCase() === plain,
  );
}
