import { probesOf } from "../../derive/probes.ts";
import { annotateIngress } from "../annotate.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { failedAttempts } from "../requests.ts";
import { see } from "../see.ts";

/**
 * The gateway speaks plain HTTP to a port that expects TLS. Servers that drop it give a 502 at
 * once; others answer 400 ("plain HTTP request was sent to HTTPS port"), which is passed on.
 */
export const backendProtocolHttpsExpected = defineCause({
  id: "backend-protocol-https-expected",
  title: "The gateway speaks plain HTTP to a TLS port",
  hop: "application",
  codes: [502, 503],
  prior: 0.015,
  leadsTo: [],
  needs: ["route", "pods", "traffic"],
  helps: ["settings", "servicePort", "appLog"],
  weigh({ route, pods, traffic, settings, servicePort, appLog }) {
    const failed = failedAttempts(traffic).filter(
      ({ attempt }) => attempt.failure === "closed-before-header" || attempt.failure === "bad-response",
    );
    const attempts = [...traffic.addresses.values()].reduce((n, s) => n + s.attempts, 0);
    const served = [...traffic.addresses.values()].some((s) => s.attempts > s.failed);
    if (failed.length === 0)
      return refuted(
        speaksAgainst.decisive(
          "no attempt was closed or answered with bytes that are not HTTP",
          "gateway log",
        ),
      );
    if (served && !onlyBadRequests(traffic))
      return refuted(
        speaksAgainst.decisive("the same pods answer other requests in plain HTTP", "gateway log"),
      );
    const protocol = settings.state === "present" ? settings.value.backendProtocol : undefined;
    if (protocol !== undefined && /S$/i.test(protocol.value))
      return refuted(
        speaksAgainst.decisive(`the gateway speaks TLS already (${protocol.value})`, protocol.source),
      );
    const clues: Clue[] = [
      speaksFor.moderate(
        `${failed.length} of ${attempts} attempts connect and are cut before any header; none is answered`,
        "gateway log",
      ),
    ];
    const port = servicePort.state === "present" ? servicePort.value : undefined;
    const looksTls =
      port !== undefined &&
      (/https|tls|ssl/i.test(port.name ?? "") ||
        /https/i.test(port.appProtocol ?? "") ||
        [443, 8443, 9443].includes(Number(port.targetPort ?? port.port)) ||
        /https|tls/i.test(String(port.targetPort ?? "")));
    if (looksTls)
      clues.push(
        speaksFor.strong(
          `the port looks like TLS: ${port.name ?? "unnamed"} ${port.port} → ${port.targetPort ?? port.port}`,
          "Service .spec.ports",
        ),
      );
    const probe = pods
      .flatMap((p) => probesOf(p))
      .find(
        (p) => p.probe.httpGet?.scheme === "HTTPS" && (port === undefined || p.port === pods[0]?.targetPort),
      );
    if (probe !== undefined)
      clues.push(
        speaksFor.strong(
          `the ${probe.kind} probe asks the same port over HTTPS, and passes`,
          "Pods .spec.containers[].readinessProbe",
        ),
      );
    const said =
      appLog.state === "present"
        ? appLog.value.find(
            (s) =>
              s.kind === "tls-error" &&
              /http request|first record|wrong version|unknown protocol|bad request/i.test(s.line),
          )
        : undefined;
    if (said !== undefined)
      clues.push(
        speaksFor.decisive(
          `the application says so: ${said.line.slice(0, 160)}`,
          `log of ${said.namespace}/${said.pod}`,
        ),
      );
    if (clues.length === 1)
      return undecided(
        "every attempt is cut before a header; whether the port expects TLS was not read",
        pods[0] === undefined ? undefined : see.describe(pods[0].ref),
        clues,
      );
    return {
      state: "supported",
      subject: route.rule?.object ?? route.backend.service,
      clues,
      explains: (_, attempt) =>
        attempt?.failure === "closed-before-header" || attempt?.failure === "bad-response",
      fixes: [annotateIngress(route, "backend-protocol", "HTTPS", "Speak TLS to the pods")],
    };
  },
});

/** All that "succeeded" is 400, a TLS server's answer to plain HTTP. */
const onlyBadRequests = (traffic: { byStatus: Readonly<Record<string, number>> }): boolean =>
  Object.keys(traffic.byStatus).every((status) => status === "400" || Number(status) >= 500);
