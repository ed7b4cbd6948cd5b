import type { Service } from "kubernetes-types/core/v1";
import type { PodView } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import type { Observed } from "../../evidence/observed.ts";
import type { Fix } from "../fix.ts";
import { serviceRef } from "../names.ts";
import { see } from "../see.ts";

/** A workload of the namespace that the Service passes by, with the labels of its pods. */
export interface PassedBy {
  readonly owner: ObjectRef;
  readonly labels: Readonly<Record<string, string>>;
}

/** The only workload, among those the Service does not select, whose containers declare this port. */
export function declaring(neighbours: Observed<readonly PodView[]>, port: number): PassedBy | undefined {
  if (neighbours.state !== "present") return undefined;
  const found = new Map<string, PassedBy>();
  for (const pod of neighbours.value) {
    const declares = pod.containers.some((c) => c.spec.ports?.some((p) => p.containerPort === port));
    if (declares && pod.ready && pod.owner !== undefined)
      found.set(refText(pod.owner), { owner: pod.owner, labels: pod.labels });
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}

/** Points the Service's selector at that workload: the keys it asks for, with the pods' values. */
export function reselect(service: Service, { owner, labels }: PassedBy): Fix {
  const object = serviceRef(service);
  const keys = Object.keys(service.spec?.selector ?? {});
  const selector = Object.fromEntries(keys.map((key) => [key, labels[key] ?? null]));
  const body = { spec: { selector } };
  const words = ["kubectl", "patch", "service", object.name, "-n", object.namespace ?? "default"];
  return {
    title: `If ${refText(object)} is meant for ${refText(owner)}: set its selector to that workload's labels`,
    applicability: "unsafe",
    commands: [see.shell(...words, "--type", "merge", "-p", JSON.stringify(body))],
    patch: { object, type: "merge", body },
    effect: "traffic goes to that workload's pods at once; no pod restarts",
  };
}
