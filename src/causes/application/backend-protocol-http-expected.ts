import { annotateIngress } from "../annotate.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { saidBy } from "../said.ts";
import { failedChecks } from "../server-checks.ts";

/** What OpenSSL says of an answer that is no TLS record. The texts differ between its versions. */
const words =
  /SSL_do_handshake\(\) failed \(SSL: [^)]*(?:wrong version number|packet length too long|record layer failure|http request)|upstream prematurely sent response/;
/** HAProxy's check of a server that it speaks TLS to (src/check.c `chk_report_conn_err`). */
const noHandshake = /^Layer6 (?:invalid response|timeout)/;
const stalled = /upstream timed out .*while SSL handshaking to upstream/;

/** The gateway speaks TLS to a port that speaks plain HTTP. */
export const backendProtocolHttpExpected = defineCause({
  id: "backend-protocol-http-expected",
  title: "The gateway speaks TLS to a plain HTTP port",
  hop: "application",
  codes: [502, 504, 500, 503],
  prior: 0.015,
  leadsTo: ["proxy-connect-timeout"],
  needs: ["route", "traffic"],
  helps: ["settings", "servicePort", "gatewayLog"],
  weigh({ route, traffic, settings, servicePort, gatewayLog }) {
    const said = saidBy(traffic, words) ?? saidBy(traffic, stalled);
    const protocol = settings.state === "present" ? settings.value.backendProtocol : undefined;
    const speaksTls = protocol !== undefined && /^(HTTPS|GRPCS)$/i.test(protocol.value);
    const checks = failedChecks(gatewayLog, route.backend.service, noHandshake);
    if (said === undefined && speaksTls && checks !== undefined)
      return {
        state: "supported",
        subject: route.rule?.object ?? route.backend.service,
        clues: [
          speaksFor.strong(
            `${checks.servers.length} servers of the Service are down for HAProxy, whose own health checks say: ${checks.reason}`,
            "HAProxy's log",
          ),
          speaksFor.strong(`backend-protocol is ${protocol.value}`, protocol.source),
        ],
        explains: checks.explains,
        fixes: [annotateIngress(route, "backend-protocol", "HTTP", "Speak plain HTTP to the pods")],
      };
    if (said === undefined)
      return refuted(
        speaksAgainst.decisive(
          "no error line tells of a failed TLS handshake with a plain port",
          "gateway error log",
        ),
      );
    if (words.test(said.words) === false && !speaksTls)
      return refuted(
        speaksAgainst.strong(
          "handshakes time out, but the gateway is not set to speak TLS",
          "gateway error log",
        ),
      );
    const clues = [words.test(said.words) ? said.clue : { ...said.clue, weight: "strong" as const }];
    if (speaksTls) clues.push(speaksFor.strong(`backend-protocol is ${protocol.value}`, protocol.source));
    if (servicePort.state === "present")
      clues.push(
        speaksFor.weak(
          `the Service port is ${servicePort.value.name ?? "unnamed"} ${servicePort.value.port} → ${servicePort.value.targetPort ?? servicePort.value.port}`,
          "Service .spec.ports",
        ),
      );
    const fix = annotateIngress(
      route,
      "backend-protocol",
      /^GRPCS$/i.test(protocol?.value ?? "") ? "GRPC" : "HTTP",
      "Speak plain HTTP to the pods",
    );
    return {
      state: "supported",
      subject: route.rule?.object ?? route.backend.service,
      clues,
      explains: said.explains,
      fixes: [fix],
    };
  },
});
