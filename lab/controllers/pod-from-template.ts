import type { ReplicaSet } from "kubernetes-types/apps/v1";
import type { StoredResource } from "../api-server/stored-kinds.ts";
import type { KubeObject } from "../api-server/stored-object.ts";
import { controllerReference, namespaceOf, nameOf, untyped } from "./objects.ts";
import { randomSuffix } from "./random-suffix.ts";

type Template = NonNullable<ReplicaSet["spec"]>["template"];
type Owner = Parameters<typeof controllerReference>[1];

/** A pod of a workload, kubernetes pkg/controller/controller_utils.go GetPodFromTemplate. */
export function podFromTemplate(
  resource: StoredResource,
  owner: Owner,
  template: Template,
  name?: string,
): KubeObject {
  const prefix = `${nameOf(owner)}-`;
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  return untyped({
    metadata: {
      ...(name === undefined
        ? { generateName: prefix, name: `${prefix}${randomSuffix()}` }
        : { generateName: prefix, name }),
      namespace: namespaceOf(owner),
      labels: { ...labels },
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ...(finalizers === undefined ? {} : { finalizers: [...finalizers] }),
      ownerReferences: [controllerReference(resource, owner)],
    },
    spec: structuredClone(template?.spec ?? { containers: [] }),
  });
}
