import { refText } from "../../evidence/object-ref.ts";
import { speaksFor } from "../clue.ts";
import { defineCause } from "../define-cause.ts";
import type { Explains } from "../requests.ts";
import { weighSaying } from "../outer-saying.ts";

/** 464: the client's protocol does not fit the target group's protocol version (AWS, "HTTP 464"). */
const explains: Explains = (request) => request.status === 464 && request.origin !== "application";

const versionKey = "alb.ingress.kubernetes.io/backend-protocol-version";

/**
 * The target group speaks one HTTP version (HTTP1, HTTP2 or GRPC) and the client asks in another: plain HTTP/1.1
 * requests at a gRPC group, or calls of gRPC at a group of HTTP/1.
 */
export const lbProtocolVersionMismatch = defineCause({
  id: "lb-protocol-version-mismatch",
  title: "The load balancer's target group speaks another HTTP version than its clients",
  hop: "load-balancer",
  codes: [464, 502],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "traffic"],
  helps: ["gateway"],
  weigh(facts) {
    const judged = weighSaying(facts, {
      hop: "load-balancer",
      explains,
      text: () => "were answered 464: their protocol does not fit the target group's protocol version",
      never: "no request was answered 464",
      fix: {
        title: `Set ${versionKey} to what clients and pods speak (HTTP1, HTTP2 or GRPC), or give gRPC and HTTP/1.1 a rule of their own each`,
        applicability: "display-only",
        commands: [],
      },
    });
    const { rule } = facts.route;
    const version = rule?.annotations[versionKey];
    if (judged.state !== "supported" || rule === undefined || version === undefined) return judged;
    const clue = speaksFor.strong(
      `the target group's protocol version is ${version.slice(0, 20)}`,
      `${refText(rule.object)} .metadata.annotations`,
    );
    return { ...judged, subject: rule.object, clues: [...judged.clues, clue] };
  },
});
