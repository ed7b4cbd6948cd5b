import type { Gateway } from "../../derive/views.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import type { LoggedRequest, Traffic } from "../../logs/traffic.ts";
import { type Clue, speaksFor } from "../clue.ts";
import type { Fix } from "../fix.ts";
import { someOf } from "../names.ts";
import { ipOf } from "../requests.ts";
import { see } from "../see.ts";

/** Gateway pods whose view is old, when others of the gateway send to today's endpoints. */
export function divergence(
  gateway: Gateway,
  traffic: Traffic,
  stale: readonly LoggedRequest[],
  current: ReadonlySet<string>,
): ObjectRef[] {
  const logged = new Set(stale.map((r) => r.gatewayPod));
  const old = gateway.pods.map((p) => p.ref).filter((p) => logged.has(`${p.namespace}/${p.name}`));
  const isServed = [...traffic.addresses].some(([a, s]) => current.has(ipOf(a)) && s.attempts > s.failed);
  return isServed && old.length > 0 && old.length < gateway.pods.length ? old : [];
}

export const divergenceClue = (old: readonly ObjectRef[], gateway: Gateway): Clue =>
  speaksFor.strong(
    `only ${someOf(old.map(refText))} sends there, ${old.length} of ${gateway.pods.length} gateway pods; requests through the others reach the present endpoints`,
    "gateway logs, pod by pod",
  );

/** Without a word about rights there is nothing to give back: a restart reads the cluster anew. */
export function viewFixes(gateway: Gateway, old: readonly ObjectRef[], isForbidden: boolean): Fix[] {
  const subject = gateway.workload ?? gateway.pods[0]?.ref ?? { kind: "Pod", name: "gateway" };
  const restart: Fix = {
    title:
      old.length > 0
        ? `Delete ${someOf(old.map(refText))}: its successor reads the cluster anew`
        : `Restart ${refText(subject)}: new pods read the cluster anew`,
    applicability: "unsafe",
    commands:
      old.length > 0
        ? old.map((p) => see.shell("kubectl", "delete", "pod", p.name, "-n", p.namespace ?? "default"))
        : [
            see.shell(
              "kubectl",
              "rollout",
              "restart",
              `${subject.kind.toLowerCase()}/${subject.name}`,
              "-n",
              subject.namespace ?? "default",
            ),
          ],
    effect:
      "connections through these gateway pods end; if it comes back, look for the watch errors in their logs",
  };
  return isForbidden ? [rights(gateway), restart] : [restart];
}

function rights(gateway: Gateway): Fix {
  const pod = gateway.pods[0];
  const name = pod?.spec.serviceAccountName ?? "default";
  const account = `system:serviceaccount:${pod?.ref.namespace ?? "default"}:${name}`;
  return {
    title: `Give ${account} its rights back: list and watch of what the log line names, in its ClusterRole and binding`,
    applicability: "display-only",
    commands: [
      see.shell(
        "kubectl",
        "auth",
        "can-i",
        "watch",
        "endpointslices.discovery.k8s.io",
        `--as=${account}`,
        "-A",
      ),
    ],
  };
}
