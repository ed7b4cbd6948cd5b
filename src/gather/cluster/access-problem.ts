import type { Failure } from "./answer.ts";
import type { Api } from "./api.ts";
import type { Connection } from "./connection.ts";
import { ClusterProblem } from "./problem.ts";

/** Throws when no call has succeeded yet: then there is no evidence, and one sentence says why. */
export function requireAccess(api: Api): void {
  const { succeeded, first } = api.outcome();
  if (succeeded === 0 && first !== undefined) throw problemOf(first, api.connection);
}

function problemOf(failure: Failure, connection: Connection): ClusterProblem {
  const { kubectl, contextName } = connection;
  const server = `the API server ${connection.server.origin} (context "${contextName}")`;
  switch (failure.kind) {
    case "unauthorized":
      return new ClusterProblem(
        "unauthorized",
        unauthorizedText(failure, connection, server),
        kubectl("get ns"),
      );
    case "forbidden":
      return new ClusterProblem(
        "forbidden",
        `nothing may be read from ${server}: ${failure.reason}. deploy/clusterrole.yaml holds the read-only rights that are needed`,
        kubectl("auth can-i --list"),
      );
    case "certificate":
      return new ClusterProblem(
        "certificate",
        `cannot trust ${server}: ${certificateText(failure)}${ended(connection)}`,
        kubectl("get ns"),
      );
    case "unreachable":
    case "deadline":
      return new ClusterProblem(
        "unreachable",
        `cannot reach ${server}: ${failure.reason}`,
        kubectl("cluster-info"),
      );
    default:
      return new ClusterProblem(
        "unreadable",
        `nothing could be read from ${server}: ${failure.reason}`,
        kubectl("get --raw /readyz"),
      );
  }
}

function unauthorizedText(failure: Failure, connection: Connection, server: string): string {
  const who = connection.user === "" ? "a context without a user" : `user "${connection.user}"`;
  const why =
    connection.plugin === undefined
      ? "its token or certificate is wrong or has expired"
      : `the credential plugin "${connection.plugin}" gave a token that is wrong or has expired`;
  return `${server} does not accept ${who} (401): ${why}${ended(connection)}. It said: ${failure.reason}`;
}

const certificateWords: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is this machine's clock right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by an authority that the kubeconfig does not name",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is signed by an authority that the kubeconfig does not name",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "its certificate is signed by an authority that the kubeconfig does not name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "its certificate is signed by an authority that the kubeconfig does not name",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host name",
  EPROTO: "it does not speak TLS here, or refused our certificate",
};

function certificateText(failure: Failure): string {
  const words = certificateWords[failure.code ?? ""];
  return words === undefined ? failure.reason : `${words} (${failure.reason})`;
}

function ended({ certificateEnds }: Connection): string {
  return certificateEnds !== undefined && certificateEnds.getTime() < Date.now()
    ? `; the client certificate ended on ${certificateEnds.toISOString().slice(0, 10)}`
    : "";
}
