import { refText } from "../../evidence/object-ref.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { signalSource, signalsOf } from "../gateway-signals.ts";
import { see } from "../see.ts";
import { newestEvent, recentEnds } from "./gateway-lifetimes.ts";

/**
 * The gateway's own container is killed for memory, or one of its workers is. Every route behind
 * it loses its connections at once, and the requests in flight leave no line in its log.
 */
export const ingressControllerOomOrCpu = defineCause({
  id: "ingress-controller-oom-or-cpu",
  title: "The gateway runs out of memory",
  hop: "gateway",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: ["ingress-controller-restart"],
  needs: ["gateway"],
  helps: ["traffic", "gatewayLog", "events", "patterns"],
  weigh({ gateway, traffic, gatewayLog, events }) {
    const collected = newestEvent(events);
    const killed = recentEnds(gateway, traffic, collected).filter(
      (e) => e.termination.reason === "OOMKilled",
    );
    const workers = signalsOf(gatewayLog, "worker-killed").filter((s) => /signal 9\b/.test(s.line));
    const first = killed[0];
    if (first === undefined && workers.length === 0) {
      return gateway.pods.length === 0
        ? undecided(
            "the gateway's pods were not found",
            see.list("pods", undefined, "app.kubernetes.io/component=controller"),
          )
        : refuted(
            speaksAgainst.strong(
              "no gateway container was OOMKilled in the window",
              "gateway Pods .status.containerStatuses",
            ),
          );
    }
    const clues: Clue[] = [];
    if (first !== undefined) {
      const at = new Date(first.termination.finishedMs ?? 0).toISOString();
      const limit = first.pod.containers.find((c) => c.name === first.container)?.spec.resources?.limits?.[
        "memory"
      ];
      const text = `${refText(first.pod.ref)} was OOMKilled at ${at}${limit === undefined ? "" : ` with memory limit ${limit}`}, ${first.restarts} restarts`;
      clues.push(
        speaksFor.decisive(text, `${refText(first.pod.ref)} .status.containerStatuses`, {
          see: see.describe(first.pod.ref),
        }),
      );
    }
    const worker = workers[0];
    if (worker !== undefined)
      clues.push(
        speaksFor.strong(`${workers.length} nginx workers were killed by signal 9`, signalSource(worker)),
      );
    const subject = gateway.workload ??
      first?.pod.ref ?? { kind: "Pod", name: worker?.gatewayPod ?? "gateway" };
    return {
      state: "supported",
      subject,
      clues,
      leavesNoLine: true,
      fixes: [
        {
          title: `Raise the memory limit of ${refText(subject)}, or give it fewer workers (worker-processes) and fewer reloads`,
          applicability: "display-only",
          commands: [
            see.shell("kubectl", "top", "pod", "-n", subject.namespace ?? "default", "--containers"),
          ],
        },
      ],
    };
  },
});
