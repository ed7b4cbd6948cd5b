import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { gatewayPodRef, signalSource, signalsOf } from "../gateway-signals.ts";
import { failuresOf } from "../requests.ts";
import { see } from "../see.ts";

const alert = "worker_connections are not enough";

/**
 * A gateway worker holds as many connections as it may. A proxied request takes two, idle clients
 * and websockets count too. New upstream connects end in a 500; new clients are dropped with no
 * access line at all, which the load balancer in front reports as 502 or 504.
 */
export const workerConnectionsExhausted = defineCause({
  id: "worker-connections-exhausted",
  title: "A gateway worker is out of connections",
  hop: "gateway",
  codes: [500, 502, 503, 504],
  prior: 0.01,
  leadsTo: [],
  needs: ["gateway", "gatewayLog"],
  helps: ["traffic", "patterns"],
  weigh({ gateway, gatewayLog, traffic }) {
    const alerts = gatewayLog.filter(
      (s) =>
        s.kind === "worker-connections" && s.line.includes(alert) && !s.line.includes("reusing connections"),
    );
    const first = alerts[0];
    const failed = failuresOf(traffic, "local-resource").filter(
      (f) => hasAlert(f.message) || f.attempts.some((a) => hasAlert(a.message)),
    );
    if (first === undefined && failed.length === 0)
      return refuted(speaksAgainst.decisive(`no line says "${alert}"`, "gateway error log"));
    const pod = first === undefined ? undefined : gatewayPodRef(first);
    const clues: Clue[] = [];
    if (first !== undefined) {
      const show = pod === undefined ? {} : { see: see.grep(pod, alert) };
      clues.push(speaksFor.decisive(`${alerts.length} alerts: "${alert}"`, signalSource(first), show));
    }
    if (failed.length > 0)
      clues.push(
        speaksFor.decisive(`${failed.length} requests failed because of it`, "gateway log", {
          group: "requests",
        }),
      );
    const warned =
      signalsOf({ state: "present", value: gatewayLog }, "worker-connections").length - alerts.length;
    if (warned > 0)
      clues.push(
        speaksFor.weak(
          `${warned} earlier warnings that idle connections are being closed`,
          "gateway error log",
        ),
      );
    const config = gateway.configRef;
    return {
      state: "supported",
      subject: gateway.workload ?? pod ?? gateway.pods[0]?.ref ?? { kind: "Pod", name: "gateway" },
      clues,
      explains: (request, attempt) => hasAlert(attempt?.message) || hasAlert(request.message),
      leavesNoLine: first !== undefined,
      fixes: [
        {
          title: "Raise max-worker-connections in the controller's ConfigMap, or run more gateway replicas",
          applicability: config === undefined ? "display-only" : "unsafe",
          commands:
            config === undefined
              ? []
              : [
                  see.shell(
                    "kubectl",
                    "patch",
                    "configmap",
                    config.name,
                    "-n",
                    config.namespace ?? "default",
                    "--type",
                    "merge",
                    "-p",
                    '{"data":{"max-worker-connections":"65536"}}',
                  ),
                ],
          ...(config === undefined
            ? {}
            : {
                patch: {
                  object: config,
                  type: "merge" as const,
                  body: { data: { "max-worker-connections": "65536" } },
                },
              }),
          effect: "reloads the gateway; each connection takes memory",
        },
      ],
    };
  },
});

const hasAlert = (message: string | undefined): boolean => message?.includes(alert) === true;
