import { grouped, spanText } from "../base/counts.ts";
import { lowered } from "../base/sentence.ts";
import type { ImpactReport } from "../report/incident-report.ts";
import type { FindingReport, ObjectReport, TargetReport } from "../report/report.ts";

/** "502 at shop.example.com/cart", "3 routes fail", "3 routes have a fault" where it is not known that requests failed. */
export function titleOf(targets: readonly TargetReport[], isDiagnosis: boolean): string {
  const failing = targets.filter((t) => t.status !== "healthy");
  const [first] = targets;
  if (first === undefined) return "No failure found";
  if (targets.length > 1 && failing.length !== 1) {
    const isSeen = failing.every((t) => t.symptom.failed > 0);
    return `${grouped(failing.length)} routes ${isSeen ? "fail" : "have a fault"}`;
  }
  const { symptom, target, status } = failing[0] ?? first;
  const codes = Object.keys(symptom.codes);
  const what = codes.length > 0 ? `${codes.join(", ")} at ` : "";
  if (status === "healthy") return `${isDiagnosis ? "" : "Nothing fails at "}${target}`;
  return `${what}${target}`;
}

/** What clients saw, and why: a sentence each. */
export const summaryOf = (diagnosis: TargetReport, impact: ImpactReport): string[] => [
  seenSentence(diagnosis, impact),
  whySentence(diagnosis),
];

function seenSentence({ target, symptom }: TargetReport, impact: ImpactReport): string {
  if (!impact.counted)
    return `How many requests to ${target} failed is not known, as no gateway log was read.`;
  const { failed, requests, masked } = impact;
  if (requests === 0) return `No request to ${target} is in the gateway's log.`;
  const hidden = masked > 0 ? `, and ${grouped(masked)} more were hidden from clients by a retry` : "";
  if (failed === 0) {
    const saved = masked > 0 ? `, but ${grouped(masked)} did so only by a retry` : "";
    return `None of ${grouped(requests)} requests to ${target} failed${saved}.`;
  }
  const codes = Object.entries(symptom.codes).map(([code, n]) => `${grouped(n)} got a ${code}`);
  const percent = (100 * failed) / requests;
  const share = percent < 0.01 ? "under 0.01" : Number(percent.toFixed(percent < 1 ? 2 : 1));
  const sender = senders[symptom.origin ?? ""];
  const who =
    symptom.countedBy === "metrics"
      ? ", by the gateway's metrics"
      : sender === undefined
        ? ""
        : `, sent by the ${sender}`;
  const plural = failed === 1 ? "" : "s";
  return `${whenText(impact)}${grouped(failed)} of ${grouped(requests)} request${requests === 1 ? "" : "s"} to ${target} failed (${share} %): ${codes.length === 0 ? `${grouped(failed)} failure${plural}` : listText(codes)}${who}${hidden}.`;
}

const senders: Readonly<Record<string, string>> = {
  application: "application",
  gateway: "gateway",
  "load-balancer": "load balancer",
  cdn: "CDN",
};

const day = (iso: string): string =>
  `${Number(iso.slice(8, 10))} ${months[Number(iso.slice(5, 7)) - 1] ?? ""} ${iso.slice(0, 4)}`;
const clock = (iso: string): string => iso.slice(11, 19);

/** "On 18 November 2026 from 10:30:00 to 10:42:10 UTC (12 min), " */
function whenText({ from, to, seconds = 0 }: ImpactReport): string {
  if (from === undefined || to === undefined) return "";
  if (from.slice(0, 19) === to.slice(0, 19)) return `On ${day(from)} at ${clock(from)} UTC, `;
  const span = seconds < 1 ? "" : ` (${spanText(Math.round(seconds) * 1000)})`;
  const until = day(from) === day(to) ? clock(to) : `${clock(to)} on ${day(to)}`;
  return `On ${day(from)} from ${clock(from)} to ${until} UTC${span}, `;
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

function whySentence({ status, headline, findings }: TargetReport): string {
  if (status === "unexplained") return unexplainedText(findings);
  const best = findings.find((f) => f.state === "supported");
  if (best === undefined || status === "healthy") return closed(headline);
  const { title, subject, share, confidence } = best;
  const where = subject === undefined ? "" : ` (${objectText(subject)})`;
  const explains =
    share === undefined
      ? ""
      : `, and it explains ${share.explained === share.of ? `all ${grouped(share.of)}` : `${grouped(share.explained)} of ${grouped(share.of)}`} failures`;
  return `${lead(best, findings)}: ${lowered(title)}${where}; this is ${sure(confidence)}${explains}.`;
}

function unexplainedText(findings: readonly FindingReport[]): string {
  const open = findings.filter((f) => f.state === "undecided").length;
  const left =
    open === 0 ? "" : `; ${grouped(open)} ${open === 1 ? "cause is" : "causes are"} still possible`;
  return `Nothing that was read says why${left}.`;
}

/** Two causes that are as likely are told as such. */
const lead = (best: FindingReport, findings: readonly FindingReport[]): string =>
  findings.some((f) => f !== best && f.state === "supported" && !isLink(f, best))
    ? "The main cause"
    : "The cause";

const isLink = (finding: FindingReport, root: FindingReport): boolean =>
  root.because.some((link) => link.cause === finding.cause);

function sure(confidence: number): string {
  const percent = Math.round(confidence * 100);
  return `${percent === 100 && confidence < 1 ? "over 99" : percent} % certain`;
}

const closed = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

const objectText = ({ kind, namespace, name }: ObjectReport): string =>
  `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;

const listText = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
