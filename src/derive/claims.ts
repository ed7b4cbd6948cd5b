import { type Evidence, get } from "../evidence/evidence.ts";
import type { ObjectRef } from "../evidence/object-ref.ts";
import { type Observed, present } from "../evidence/observed.ts";
import { compareText, items } from "./shape.ts";
import type { ClaimView, PodView, Route } from "./views.ts";

/**
 * The PersistentVolumeClaims that the route's pods mount, sorted by name; a claim that a pod names
 * and that does not exist is listed with `missing`.
 */
export function deriveClaims(
  evidence: Evidence,
  route: Route,
  pods: Observed<readonly PodView[]>,
): Observed<readonly ClaimView[]> {
  if (pods.state === "unknown") return pods;
  const users = new Map<string, ObjectRef[]>();
  for (const pod of pods.state === "present" ? pods.value : []) {
    for (const name of claimNames(evidence, pod)) {
      users.set(name, [...(users.get(name) ?? []), pod.ref]);
    }
  }
  const views: ClaimView[] = [];
  for (const [name, usedBy] of [...users].sort(([a], [b]) => compareText(a, b))) {
    const view = claimView(evidence, route.namespace, name, usedBy);
    if (view.state === "unknown") return view;
    if (view.state === "present") views.push(view.value);
  }
  return present(views);
}

/**
 * Claims by name; a generic ephemeral volume's claim is named POD-VOLUME, and a StatefulSet's
 * template gives TEMPLATE-POD.
 */
function claimNames(evidence: Evidence, pod: PodView): ReadonlySet<string> {
  const names = new Set<string>();
  for (const volume of items(pod.spec.volumes)) {
    const claim = volume.persistentVolumeClaim?.claimName;
    if (typeof claim === "string") names.add(claim);
    if (volume.ephemeral) names.add(`${pod.ref.name}-${volume.name}`);
  }
  if (pod.controller?.kind === "StatefulSet") {
    const set = get(evidence, "statefulsets", pod.controller.name, pod.controller.namespace);
    const templates = set.state === "present" ? items(set.value.spec?.volumeClaimTemplates) : [];
    for (const template of templates) names.add(`${template.metadata?.name ?? ""}-${pod.ref.name}`);
  }
  return names;
}

function claimView(
  evidence: Evidence,
  namespace: string,
  name: string,
  usedBy: readonly ObjectRef[],
): Observed<ClaimView> {
  const claim = get(evidence, "persistentvolumeclaims", name, namespace);
  if (claim.state === "unknown") return claim;
  if (claim.state === "absent") {
    return present({
      claim: { metadata: { name, namespace } },
      name,
      phase: "Missing",
      usedBy,
      missing: true,
    });
  }
  const volumeName = claim.value.spec?.volumeName ?? "";
  const volume = volumeName === "" ? undefined : get(evidence, "persistentvolumes", volumeName);
  return present({
    claim: claim.value,
    name,
    // A manifest that never met an API server has no status.
    phase: claim.value.status?.phase ?? "Unknown",
    ...(volume?.state === "present" ? { volume: volume.value } : {}),
    usedBy,
    missing: false,
  });
}
