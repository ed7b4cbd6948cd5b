import { timeOfDayMs, withoutYearMs } from "../clock.ts";
import type { Peeled } from "./peeled.ts";

/**
 * stern's default output: "POD CONTAINER line", with several namespaces "NAMESPACE POD CONTAINER line"
 * (stern cmd/cmd.go, generateTemplate). Words before a line are common in applications' logs too, so the pod
 * must be named as a controller names pods: with a suffix of Kubernetes' own alphabet, or with an ordinal when
 * what follows begins like a gateway's line.
 */
export function peelStern(peeled: Peeled, nowMs: number): boolean {
  const m = words.exec(peeled.text);
  if (m === null) return false;
  const [, first = "", second = "", third = ""] = m;
  const named = isGenerated(first) || isOrdinal(first);
  const pod = named ? first : second;
  const container = named ? second : third;
  const head = named ? first.length + second.length + 2 : first.length + second.length + third.length + 3;
  const rest = peeled.text.slice(head);
  const sure = isGenerated(pod) || (isOrdinal(pod) && gatewayLine.test(rest));
  if (!sure || !label.test(container) || (!named && !label.test(first))) return false;
  peeled.text = rest;
  peeled.namespace = named ? peeled.namespace : first;
  peeled.pod = pod;
  peeled.container = container;
  takeShortTime(peeled, nowMs);
  return true;
}

const words = /^([a-z0-9][a-z0-9.-]{0,252}) ([a-z0-9][a-z0-9.-]{0,252}) (\S{0,253})/;
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** apimachinery's util/rand has no vowels, no 0, 1 and 3. */
const generated = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const ordinal = /[a-z]-\d{1,4}$/;
/** An address, a bracket, a JSON object, a quoted request, an error-log or a klog line, a time, a load balancer's listener. */
const gatewayLine =
  /^(?:\d{1,4}[.:/-]|[[{"<]|[0-9a-f]{0,4}:[0-9a-f]{0,4}:|[IWEF]\d{4} |haproxy\[|(?:https?|h2|grpcs|wss?) \d{4}-)/;

const isGenerated = (word: string): boolean => generated.test(word);
const isOrdinal = (word: string): boolean => ordinal.test(word);

const shortTime = /^(\d\d)-(\d\d) (\d\d:\d\d:\d\d) /;

/** `stern --timestamps=short`: "11-20 14:47:01 ", without a year. The long form is an ISO time, left to `walkLines`. */
function takeShortTime(peeled: Peeled, nowMs: number): void {
  const m = shortTime.exec(peeled.text);
  if (m === null || Number.isNaN(nowMs)) return;
  peeled.timeMs = withoutYearMs(Number(m[1]) - 1, Number(m[2]), timeOfDayMs(m[3] ?? ""), nowMs);
  peeled.text = peeled.text.slice(m[0].length);
}
