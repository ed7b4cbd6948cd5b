import type { ProbedHop } from "../evidence/probed-hop.ts";

/** "answers 503", "refuses connections", "takes the request and does not answer in 75 s". */
export function howItFailed({ answer, problem, tls }: ProbedHop): string {
  if (problem === undefined) return `answers ${answer?.status ?? "nothing"}`;
  const { phase, code, text } = problem;
  if (code === "ECONNREFUSED") return "refuses connections";
  if (phase === "resolve") return `is not found: ${text}`;
  if (phase === "connect")
    return code === "deadline" ? "lets connections wait for ever" : `cannot be reached (${code})`;
  if (phase === "tls")
    return tls?.why === undefined ? `breaks off the TLS handshake (${text})` : `is not trusted: ${tls.why}`;
  if (phase === "body") return `answers ${answer?.status ?? ""} and breaks off in the middle (${code})`;
  if (code === "deadline") return `takes the request, and ${text}`;
  if (code === "HPE_HEADER_OVERFLOW") return "answers with more than 16 KB of headers";
  if (code.startsWith("HPE_")) return `answers what is no HTTP/1.1 (${code})`;
  return `closes the connection instead of answering (${code})`;
}
