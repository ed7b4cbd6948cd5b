import type { PodView } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import { isServerName } from "../../logs/server-name.ts";
import type { AppSignal } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { alive, ownerOf } from "../pods.ts";
import { probeFailures } from "../probe-failures.ts";
import { ofClass, portOf } from "../requests.ts";
import { see } from "../see.ts";
import { listenFix } from "./listen-setting.ts";

const loopback = new Set(["127.0.0.1", "localhost", "::1", "[::1]"]);

/**
 * The process binds 127.0.0.1, so only its own pod can reach it: exec probes and port-forward work,
 * every connect to the pod's IP is refused. Development servers do that by default.
 */
export const appListensOnLoopback = defineCause({
  id: "app-listens-on-loopback",
  title: "The application listens on loopback only",
  hop: "application",
  codes: [502, 503],
  prior: 0.02,
  leadsTo: ["no-endpoints-pods-not-ready", "rollout-bad-revision"],
  needs: ["pods", "appLog"],
  helps: ["traffic", "events", "patterns"],
  weigh({ pods, appLog, traffic, events }) {
    const here = alive(pods);
    const bound = appLog.filter(
      (s) => s.kind === "listening" && !s.previous && here.some((p) => p.ref.name === s.pod),
    );
    const targetPorts = new Set(here.map((p) => p.targetPort));
    const served =
      traffic.state === "present"
        ? [...traffic.value.addresses].find(
            ([a, s]) => (targetPorts.has(portOf(a)) || isServerName(a)) && s.attempts > s.failed,
          )
        : undefined;
    if (served !== undefined)
      return refuted(speaksAgainst.decisive(`requests were answered at ${served[0]}`, "gateway log"));
    if (bound.length === 0)
      return undecided(
        "the application's log does not say where it listens",
        here[0] === undefined ? undefined : see.logs(here[0].ref),
      );
    const local = here.flatMap((pod) => localOnly(pod, bound) ?? []);
    const first = local[0];
    if (first === undefined) {
      const open = bound.find((s) => !loopback.has(s.address ?? "*")) ?? bound[0]!;
      return refuted(
        speaksAgainst.strong(
          `the application listens on ${open.address ?? "*"}:${open.port ?? "?"}`,
          `log of ${open.namespace}/${open.pod}`,
        ),
      );
    }
    const { pod, signal } = first;
    const clues: Clue[] = [
      speaksFor.decisive(
        `the application says it listens on ${signal.address}:${signal.port}, reachable only inside its pod: ${signal.line.slice(0, 140)}`,
        `log of ${refText(pod.ref)}, container ${signal.container}`,
        {
          see: see.logs(pod.ref, signal.container),
        },
      ),
    ];
    const refusedProbe = probeFailures(events, [pod]).find((f) => f.how === "refused");
    if (refusedProbe !== undefined)
      clues.push(
        speaksFor.moderate(
          `the kubelet is refused at the pod's IP: ${refusedProbe.event.message.slice(0, 140)}`,
          `Events of ${refText(pod.ref)}`,
        ),
      );
    const refusals =
      traffic.state === "present"
        ? [...traffic.value.addresses.values()].reduce((n, s) => n + (s.byClass["connect-refused"] ?? 0), 0)
        : 0;
    if (refusals > 0)
      clues.push(
        speaksFor.moderate(`${refusals} attempts were refused and none succeeded`, "gateway log", {
          group: "refused",
        }),
      );
    const owner = ownerOf(pod);
    return {
      state: "supported",
      subject: owner,
      clues,
      explains: ofClass("connect-refused", "no-endpoint"),
      fixes: [listenFix(pod, signal.container, signal.port)],
    };
  },
});

/** The loopback line of a pod whose target port is bound there and nowhere else. */
function localOnly(
  pod: PodView,
  bound: readonly AppSignal[],
): { pod: PodView; signal: AppSignal } | undefined {
  const own = bound.filter(
    (s) =>
      s.pod === pod.ref.name &&
      s.namespace === pod.ref.namespace &&
      (pod.targetPort === undefined || s.port === pod.targetPort),
  );
  const signal = own.find((s) => loopback.has(s.address ?? "*"));
  return signal === undefined || own.some((s) => !loopback.has(s.address ?? "*"))
    ? undefined
    : { pod, signal };
}
