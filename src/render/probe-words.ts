import { cut } from "../base/text.ts";
import type { HopProbe, ProbeReport } from "../report/probe-report.ts";

/** Wording that the terminal and the Markdown of a probe share. */

export const placeText: Readonly<Record<HopProbe["place"], string>> = {
  dns: "DNS",
  address: "address",
  gateway: "gateway",
  "gateway-pod": "gateway pod",
  pod: "pod",
};

/** "503 Service Unavailable", "refuses connections: …", "not asked". */
export function outcomeText(hop: HopProbe): string {
  const { place, name, answer, problem, unasked, addresses, connectedTo } = hop;
  if (unasked !== undefined) return `not asked: ${unasked.reason}`;
  const status = answer === undefined ? "" : `${answer.status} ${answer.statusText}`.trim();
  if (problem !== undefined) {
    const during = { resolve: "", connect: "no connection: ", tls: "TLS: ", answer: "no answer: ", body: "" };
    const lead = during[problem.phase as keyof typeof during] ?? "";
    const code =
      problem.text.includes(problem.code) || problem.code === "deadline" ? "" : ` (${problem.code})`;
    return `${status === "" ? "" : `${status}, then `}${lead}${problem.text}${code}`;
  }
  if (addresses !== undefined) return addresses.join(", ");
  const from = place === "address" && connectedTo !== undefined && !name.includes(connectedTo);
  const way = answer?.headers["location"];
  return `${status}${from ? ` from ${connectedTo}` : ""}${way === undefined ? "" : `, to ${way}`}`;
}

/** "14 ms: connect 1, TLS 5, first byte 8" */
export function timingText({ timings }: HopProbe): string {
  const { connectMs, tlsMs, firstByteMs, totalMs } = timings;
  if (totalMs === undefined) return "";
  const phases = [
    ...(connectMs === undefined ? [] : [`connect ${msText(connectMs)}`]),
    ...(tlsMs === undefined ? [] : [`TLS ${msText(tlsMs)}`]),
    ...(firstByteMs === undefined ? [] : [`first byte ${msText(firstByteMs)}`]),
  ];
  return `${msText(totalMs)}${phases.length < 2 ? "" : `: ${phases.join(", ")}`}`;
}

const msText = (ms: number): string =>
  ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;

/** "TLSv1.3, shop.example.com from R3, until 2027-01-01 (in 38 days), verified" */
export function tlsText({ tls }: HopProbe, startedAt: string): string | undefined {
  if (tls === undefined) return undefined;
  const [leaf] = tls.chain;
  const parts = [
    tls.protocol,
    ...(leaf === undefined
      ? ["no certificate"]
      : [
          `${namesText(leaf.names, leaf.subject)} from ${leaf.issuer}`,
          `until ${leaf.to.slice(0, 10)} (${daysText(leaf.to, startedAt)})`,
        ]),
    tls.isVerified ? "verified" : `not verified: ${tls.why ?? "no reason was given"}`,
    tls.serverName === undefined ? "asked without a server name" : `asked for ${tls.serverName}`,
    ...(tls.chain.length > 1 ? [`a chain of ${tls.chain.length}`] : []),
  ];
  return parts.join(", ");
}

const mostNames = 4;

const namesText = (names: readonly string[], subject: string): string =>
  names.length === 0
    ? `${subject} (no alternative names)`
    : `${names.slice(0, mostNames).join(", ")}${names.length > mostNames ? ` and ${names.length - mostNames} more names` : ""}`;

function daysText(to: string, at: string): string {
  const days = Math.floor((Date.parse(to) - Date.parse(at)) / 86_400_000);
  if (Number.isNaN(days)) return "unreadable";
  return days < 0
    ? `ended ${-days} ${days === -1 ? "day" : "days"} ago`
    : `in ${days} ${days === 1 ? "day" : "days"}`;
}

/** "made by the gateway: none of the 2 pods answers 503 to the same request" */
export function originText({ origin, place, answer }: HopProbe): string | undefined {
  if (origin === undefined || answer === undefined || place === "pod") return undefined;
  const who =
    origin.who === "unknown" ? "who made it is not known" : `made by the ${origin.who.replace("-", " ")}`;
  return `${who}: ${origin.because}`;
}

export const requestText = ({ request }: ProbeReport): string =>
  `${request.method} ${request.url}${request.connectTo === undefined ? "" : ` at ${request.connectTo}`}`;

/** "; not ready", "; a port that it declares" */
export function podText({ place, isReady, port, tls }: HopProbe): string {
  if (place !== "pod") return "";
  const parts = [
    ...(port === "declared" ? ["a port that it declares, not the Service's"] : []),
    ...(port === "other-protocol" ? [`asked ${tls === undefined ? "without" : "over"} TLS`] : []),
    ...(isReady === false ? ["not ready"] : []),
  ];
  return parts.map((part) => `; ${part}`).join("");
}

const mostSaid = 120;

/** The text of a page without its tags; line breaks were spelled out before. */
export function saidText({ answer }: HopProbe): string {
  const text = (answer?.bodyStart ?? "")
    .replace(/<[^>]*>?/g, " ")
    .replace(/\\[rn]|\s+/g, " ")
    .replace(/ +/g, " ")
    .trim();
  return cut(text, mostSaid);
}
