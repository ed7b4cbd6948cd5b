import type { Pod } from "kubernetes-types/core/v1";
import { type Evidence, namespaceOf } from "../evidence/evidence.ts";
import { objectsOf } from "./coverage.ts";
import { oncePer } from "./once.ts";
import { hasLabels, type Labels } from "./selectors.ts";
import { texts } from "./shape.ts";

/** The pods of a namespace that were read, by name. */
export const podsIn = (evidence: Evidence, namespace: string): readonly Pod[] =>
  byNamespace(evidence).get(namespace) ?? [];

/** The pods of a namespace that carry these labels, by name; none for no labels. */
export function podsByLabels(evidence: Evidence, namespace: string, wanted: Labels): readonly Pod[] {
  const lists = Object.entries(wanted).map(([key, value]) =>
    byLabel(evidence).get(labelKey(namespace, key, value)),
  );
  const rarest = lists.toSorted((a, b) => (a?.length ?? 0) - (b?.length ?? 0))[0] ?? [];
  return rarest.filter((pod) => hasLabels(texts(pod.metadata?.labels), wanted));
}

const byNamespace = oncePer((evidence: Evidence): ReadonlyMap<string, readonly Pod[]> =>
  Map.groupBy(objectsOf(evidence, "pods"), namespaceOf),
);

const byLabel = oncePer((evidence: Evidence): ReadonlyMap<string, readonly Pod[]> => {
  const found = new Map<string, Pod[]>();
  for (const pod of objectsOf(evidence, "pods")) {
    for (const [key, value] of Object.entries(texts(pod.metadata?.labels))) {
      const label = labelKey(namespaceOf(pod), key, value);
      const known = found.get(label);
      if (known === undefined) found.set(label, [pod]);
      else known.push(pod);
    }
  }
  return found;
});

const labelKey = (namespace: string, key: string, value: string): string => `${namespace} ${key}=${value}`;
