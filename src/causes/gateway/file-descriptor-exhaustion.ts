import type { AppSignal, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { gatewayPodRef, signalSource, signalsOf } from "../gateway-signals.ts";
import { failuresOf } from "../requests.ts";
import { see } from "../see.ts";

/** The descriptor limit ends sockets of the same process for as long as it holds; a minute joins them. */
const joinMs = 60_000;

/**
 * A process has as many files and sockets open as it may. The gateway answers 500 for requests
 * whose upstream socket it cannot open; an application stops accepting and its clients time out.
 */
export const fileDescriptorExhaustion = defineCause({
  id: "file-descriptor-exhaustion",
  title: "A process is out of file descriptors",
  hop: "gateway",
  codes: [500, 502, 503, 504],
  prior: 0.01,
  leadsTo: [],
  needs: ["traffic"],
  helps: ["gatewayLog", "appLog", "patterns"],
  weigh({ traffic, gatewayLog, appLog }) {
    const signals = signalsOf(gatewayLog, "descriptors");
    const app = appLog.state === "present" ? appLog.value.filter((s) => s.kind === "descriptors") : [];
    const atGateway = failuresOf({ state: "present", value: traffic }, "local-resource").filter(
      saysDescriptors,
    );
    const clues: Clue[] = [];
    const first = signals[0];
    const pod = first === undefined ? undefined : gatewayPodRef(first);
    if (first !== undefined || atGateway.length > 0) {
      const text = `errno 24 (too many open files): ${Math.max(signals.length, atGateway.length)} lines, ${atGateway.length} failed requests`;
      const show = pod === undefined ? {} : { see: see.grep(pod, "(24:") };
      clues.push(
        speaksFor.decisive(text, first === undefined ? "gateway error log" : signalSource(first), show),
      );
    }
    const inApp = app[0];
    if (inApp !== undefined)
      clues.push(
        speaksFor.strong(
          `the application logs: ${inApp.line.slice(0, 140)}`,
          `log of ${inApp.namespace}/${inApp.pod}`,
        ),
      );
    if (clues.length === 0)
      return refuted(
        speaksAgainst.strong("no line reports errno 24 or 23, nor EMFILE", "gateway and application logs"),
      );
    const times = app.flatMap((s) => s.timeMs ?? []);
    const nearApp = (r: LoggedRequest): boolean => times.some((t) => Math.abs(t - r.endMs) <= joinMs);
    const hit = traffic.failures.filter(nearApp).length;
    if (first === undefined && atGateway.length === 0) {
      if (hit === 0)
        return undecided(
          "the application ran out of descriptors, at another time than the failures",
          undefined,
          clues,
        );
      clues.push(
        speaksFor.moderate(`${hit} failures within a minute of it`, "gateway log against application log"),
      );
    }
    const subject =
      atGateway.length === 0 && inApp !== undefined
        ? podOf(inApp)
        : (pod ?? { kind: "Pod", name: "gateway" });
    return {
      state: "supported",
      subject,
      clues,
      explains: (request, attempt) =>
        attempt?.failure === "local-resource" || request.failure === "local-resource"
          ? saysDescriptors(request)
          : nearApp(request),
      leavesNoLine: signals.length > 0,
      fixes: [
        {
          title: "Find what leaks sockets or files, then raise the limit (gateway: max-worker-open-files)",
          applicability: "display-only",
          commands: [
            see.shell(
              "kubectl",
              "exec",
              subject.name,
              "-n",
              subject.namespace ?? "default",
              "--",
              "sh",
              "-c",
              "ls /proc/1/fd | wc -l; grep 'open files' /proc/1/limits",
            ),
          ],
        },
      ],
    };
  },
});

const podOf = (signal: AppSignal) => ({ kind: "Pod", namespace: signal.namespace, name: signal.pod });

const saysDescriptors = (request: LoggedRequest): boolean =>
  [request.message, ...request.attempts.map((a) => a.message)].some(
    (m) => m !== undefined && /\((?:24|23):/.test(m),
  );
