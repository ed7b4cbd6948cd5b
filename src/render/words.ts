import type {
  Report,
  FindingReport,
  FixReport,
  HopReport,
  ObjectReport,
  SymptomReport,
  TargetReport,
} from "../report/report.ts";

/** Wording that the terminal and the Markdown renderer share. */

/** "Service shop/cart", "Node worker-1". */
export const objectText = ({ kind, namespace, name }: ObjectReport): string =>
  namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;

export const count = (n: number): string => n.toLocaleString("en-US");

export const counted = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? "" : "s"}`;

/** "98%"; never "100%" of something that is not certain. */
export function percent(confidence: number): string {
  const rounded = Math.round(confidence * 100);
  if (rounded === 100 && confidence < 1) return "over 99%";
  return rounded === 0 && confidence > 0 ? "under 1%" : `${rounded}%`;
}

const patterns: Readonly<Record<string, string>> = {
  constant: "all the time",
  burst: "in one burst",
  bursts: "in bursts",
  sparse: "now and then",
};

/** What clients saw, what the gateway saw, and when: up to three short sentences without a full stop. */
export function symptomTexts(symptom: SymptomReport): string[] {
  if (!symptom.counted) return ["requests were not counted: no gateway log was read"];
  const { failed, masked, from, to } = symptom;
  const codes = tally(symptom.codes);
  const pattern = failed > 0 ? patterns[symptom.pattern] : undefined;
  const by = symptom.countedBy === "metrics" ? "by the gateway's metrics " : "";
  const clients = [
    `${by}${count(failed)} of ${counted(symptom.requests, "request")} failed${codes === "" ? "" : `: ${codes}`}`,
    ...(pattern === undefined ? [] : [pattern]),
    ...(masked > 0 ? [`${counted(masked, "failure")} hidden by a retry`] : []),
  ];
  const classes = tally(symptom.classes);
  const isSentBy = failed > 0 && symptom.origin !== undefined && symptom.origin !== "unknown";
  const gateway = [
    ...(classes === "" ? [] : [`the ${seenBy(symptom)} saw ${classes}`]),
    ...(isSentBy ? [`the status was sent by the ${symptom.origin?.replaceAll("-", " ")}`] : []),
  ];
  return [
    clients.join(", "),
    ...(gateway.length === 0 ? [] : [gateway.join("; ")]),
    ...(from === undefined || to === undefined ? [] : [span(from, to)]),
  ];
}

/** The station whose log it is: one in front of the cluster answers in its own name. */
const seenBy = ({ origin }: SymptomReport): string =>
  origin === "cdn" || origin === "load-balancer" ? origin.replace("-", " ") : "gateway";

/** "502 ×51, 503 ×361". */
export const tally = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, n]) => `${name} ×${count(n)}`)
    .join(", ");

/** "2026-11-18 10:30:00 UTC" of an ISO moment in UTC; anything else as it is. */
export function moment(iso: string): string {
  return isUtc(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : iso;
}

export function span(from: string, to: string): string {
  if (!isUtc(from) || !isUtc(to) || from.slice(0, 10) !== to.slice(0, 10))
    return `${moment(from)} to ${moment(to)}`;
  if (from.slice(0, 19) === to.slice(0, 19)) return moment(from);
  return `${from.slice(0, 10)} ${from.slice(11, 19)} to ${to.slice(11, 19)} UTC`;
}

const isUtc = (iso: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(iso);

/** "98% confident, explains 1,753 of 1,753 failures". */
export function standing(finding: FindingReport): string {
  const { share } = finding;
  const explains =
    share === undefined ? "" : `, explains ${count(share.explained)} of ${counted(share.of, "failure")}`;
  return `${percent(finding.confidence)} confident${explains}`;
}

/** How far a fix can be trusted, in words. */
export function applicabilityText({ applicability, commands }: FixReport): string {
  if (applicability === "safe")
    return "safe: it cannot make things worse, and applying the old value undoes it";
  if (applicability === "unsafe") {
    return "read before you run: it changes behaviour, restarts pods or needs a value only you know";
  }
  return commands.length === 0
    ? "advice: no command can do it for you"
    : "advice: no command can do it for you; this shows where";
}

/** Findings that were supported in their own right, not as an outer link of a chain before them. */
export function rootFindings(target: TargetReport): FindingReport[] {
  const supported = target.findings.filter((f) => f.state === "supported");
  return supported.filter((f, i) => !supported.slice(0, i).some((before) => isLinkOf(f, before)));
}

const isLinkOf = (finding: FindingReport, root: FindingReport): boolean =>
  finding.cause !== root.cause && root.because.some((link) => link.cause === finding.cause);

/** The heaviest reason a cause was ruled out; the report has clues heaviest first. */
export const ruledOutBy = (finding: FindingReport): string =>
  finding.clues.find((clue) => !clue.for)?.text ?? finding.why ?? finding.title;

/** "a, b, c and 4 more". */
export function listed(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(", ")} and ${rest} more` : items.join(", ");
}

export const statusSign: Readonly<Record<TargetReport["status"], string>> = {
  explained: "✗",
  "partly-explained": "✗",
  unexplained: "!",
  undecided: "?",
  healthy: "✓",
};

export const hopSign: Readonly<Record<HopReport["state"], string>> = {
  ok: "✓",
  broken: "✗",
  suspect: "!",
  unknown: "?",
};

/** Steps are sentences or commands; a command is copied, so it is kept on one line. */
export const isCommand = (step: string): boolean => /^(kubectl|why5xx) /.test(step);

/** What to say when no route is worth a word: well, or not readable. */
export function quietText(scope: Report["scope"]): string {
  const looked = `${counted(scope.routes, "route")} looked at, no failure and nothing broken found`;
  if (scope.undecided === 0) return `Nothing to report: ${looked}.`;
  const blind = `${count(scope.undecided)} of the backends could not be judged`;
  return `${looked} in what was read, but ${blind}: not read were ${scope.missing.slice(0, 5).join(", ")}.`;
}
