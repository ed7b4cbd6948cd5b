import { isoMs } from "../clock.ts";
import { parseObject } from "../json.ts";
import { peelDatedLine } from "./dated.ts";
import { envelopeKeys, openEnvelope } from "./envelope.ts";
import { newPeeled, type Peeled } from "./peeled.ts";
import { peelStern } from "./stern.ts";
import { peelSyslog } from "./syslog.ts";

/** Wrappers around wrappers: CloudWatch's event holds Fluent Bit's object, which holds CRI's line. */
const maxLayers = 5;

/**
 * Takes every wrapper off one line that is not `walkLines`' own business. Undefined when there is none.
 * `nowMs`, the moment of collection, gives the year to times that have none; NaN when it is not known.
 */
export function peel(line: string, nowMs: number): Peeled | undefined {
  const peeled = newPeeled(line);
  let layers = 0;
  while (layers < maxLayers && peelOnce(peeled, nowMs, layers > 0)) layers++;
  return layers === 0 ? undefined : peeled;
}

/** Entries of a document: the object is parsed already. */
export function peelEntry(entry: Readonly<Record<string, unknown>>, nowMs: number): Peeled | undefined {
  const peeled = openEnvelope(entry);
  if (peeled === undefined) return undefined;
  let layers = 1;
  while (layers < maxLayers && peelOnce(peeled, nowMs, true)) layers++;
  return peeled;
}

function peelOnce(peeled: Peeled, nowMs: number, isInner: boolean): boolean {
  const { text } = peeled;
  const c = text.charCodeAt(0);
  if (c === 123) return peelJson(peeled);
  if (c === 27) return peelColoured(peeled, nowMs);
  if (c >= 48 && c <= 57)
    return (
      (isInner && peelCri(peeled)) ||
      peelDatedLine(peeled) ||
      peelSyslog(peeled, nowMs) ||
      peelStern(peeled, nowMs)
    );
  if (c >= 97 && c <= 122) return peelStern(peeled, nowMs);
  return (c === 60 || (c >= 65 && c <= 90)) && peelSyslog(peeled, nowMs);
}

function peelJson(peeled: Peeled): boolean {
  if (!envelopeKeys.test(peeled.text)) return false;
  const entry = parseObject(peeled.text);
  const inner = entry === undefined ? undefined : openEnvelope(entry);
  if (inner === undefined) return false;
  peeled.text = inner.text;
  if (inner.part !== undefined) peeled.part = inner.part;
  if (!Number.isNaN(inner.timeMs)) peeled.timeMs = inner.timeMs;
  if (inner.pod === "") return true;
  peeled.namespace = inner.namespace === "" ? peeled.namespace : inner.namespace;
  peeled.pod = inner.pod;
  peeled.container = inner.container;
  return true;
}

/** "TIME stdout F " inside another wrapper; as the outermost one it is left to `walkLines`. */
const cri = /^(\d{4}-\d\d-\d\dT\S{8,30}) (stdout|stderr) ([FP])(?::\S{0,40})?(?: |$)/;

function peelCri(peeled: Peeled): boolean {
  const m = cri.exec(peeled.text);
  const timeMs = m === null ? Number.NaN : isoMs(m[1] ?? "");
  if (m === null || Number.isNaN(timeMs)) return false;
  peeled.timeMs = timeMs;
  peeled.text = peeled.text.slice(m[0].length);
  const { namespace, pod, container } = peeled;
  peeled.part = { more: m[3] === "P", isSure: true, of: `${namespace}/${pod}/${container} ${m[2]}` };
  return true;
}

// oxlint-disable-next-line no-control-regex -- what is looked for is a control sequence
const colours = /\u001b\[[0-9;]{0,20}m/g;
const headChars = 2000;

/** stern and logcli colour their prefix when told to; the colours go, and the prefix is tried again. */
function peelColoured(peeled: Peeled, nowMs: number): boolean {
  const plain = peeled.text.slice(0, headChars).replace(colours, "") + peeled.text.slice(headChars);
  const inner: Peeled = { ...peeled, text: plain };
  if (plain.charCodeAt(0) === 27 || !peelOnce(inner, nowMs, false)) return false;
  Object.assign(peeled, inner);
  return true;
}
