import { annotateIngress } from "../annotate.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { saidBy } from "../said.ts";

/** 4740180 is 0x485454, "HTT": an HTTP/1 answer read as an HTTP/2 frame. */
const http1ReadAsHttp2 = /upstream sent too large http2 frame: 4740180/;
const http2ReadAsHttp1 = /upstream sent no valid HTTP\/1\.0 header/;

/**
 * The gateway speaks HTTP/1 to a server of HTTP/2 without TLS (gRPC), or the reverse. nginx passes
 * the bytes of an HTTP/2 preface through as status 009; as a gRPC client it calls an HTTP/1 answer
 * a frame of 4740180 bytes.
 */
export const grpcH2cMismatch = defineCause({
  id: "grpc-h2c-mismatch",
  title: "The gateway and the application speak different versions of HTTP",
  hop: "application",
  codes: [502, 503],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["settings", "servicePort"],
  weigh({ route, traffic, settings, servicePort }) {
    const protocol = settings.state === "present" ? settings.value.backendProtocol : undefined;
    const subject = route.rule?.object ?? route.backend.service;
    const asGrpc = saidBy(traffic, http1ReadAsHttp2);
    if (asGrpc !== undefined) {
      const clues = [asGrpc.clue];
      if (protocol !== undefined)
        clues.push(
          speaksFor.moderate(
            `backend-protocol is ${protocol.value}, the pods answer in HTTP/1`,
            protocol.source,
          ),
        );
      return {
        state: "supported",
        subject,
        clues,
        explains: asGrpc.explains,
        fixes: [annotateIngress(route, "backend-protocol", "HTTP", "Speak HTTP/1 to the pods")],
      };
    }
    const raw = traffic.failures.filter((r) => r.status === 9);
    const notHttp1 = saidBy(traffic, http2ReadAsHttp1);
    if (raw.length === 0 && notHttp1 === undefined)
      return refuted(
        speaksAgainst.decisive(
          "no answer was in another HTTP version: no status 009 and no such error line",
          "gateway log",
        ),
      );
    const port = servicePort.state === "present" ? servicePort.value : undefined;
    const clues: Clue[] = [
      notHttp1 === undefined
        ? speaksFor.strong(
            `${raw.length} answers with status 009: the pods do not speak HTTP/1`,
            "gateway access log",
          )
        : { ...notHttp1.clue, weight: "strong" },
    ];
    const isGrpc = /grpc|h2c/i.test(`${port?.name ?? ""} ${port?.appProtocol ?? ""}`);
    if (isGrpc)
      clues.push(
        speaksFor.strong(
          `the Service port is ${port?.name ?? "unnamed"}${port?.appProtocol === undefined ? "" : `, appProtocol ${port.appProtocol}`}`,
          "Service .spec.ports",
        ),
      );
    const agents = raw.filter((r) => /grpc/i.test(r.userAgent ?? "")).length;
    if (agents > 0)
      clues.push(
        speaksFor.strong(
          `${agents} of the requests come from gRPC clients`,
          "gateway access log, user agents",
        ),
      );
    if (clues.length === 1)
      return undecided(
        "the pods answer with bytes that are no HTTP/1; gRPC, TLS and other protocols look alike here",
        undefined,
        clues,
      );
    return {
      state: "supported",
      subject,
      clues,
      explains: (request, attempt) => request.status === 9 || http2ReadAsHttp1.test(attempt?.message ?? ""),
      fixes: [
        annotateIngress(
          route,
          "backend-protocol",
          "GRPC",
          "Speak gRPC to the pods (clients then need TLS at the gateway)",
        ),
      ],
    };
  },
});
