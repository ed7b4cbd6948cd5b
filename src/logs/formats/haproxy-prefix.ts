const priority = /^<\d{1,3}>/;
const rfc5424 = /^1 \S{1,40} \S{1,255} \S{1,48} \S{1,128} \S{1,32} (?:-|\[[^\]]{0,2000}\]) ?(?:\ufeff)?/;
const dated =
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?|\d{4}-\d\d-\d\dT[\d:.+Z-]{8,30}) (?:[\w.:-]{1,253} )?(?=[\w./-]{1,64}(?:\[\d{1,10}\])?: )/;
/** A program and its process: "haproxy[11]: "; the log-tag of an ingress controller's HAProxy is often "ingress". */
const tag = /^[\w./-]{1,64}(?:\[\d{1,10}\])?: /;

/**
 * Where the message begins behind what syslog puts before it: `<134>`, a date, a host, `haproxy[11]: `, or all of RFC 5424
 * (haproxy src/log.c `log_formats`: local, rfc3164, rfc5424, priority, short, timed, iso, raw).
 */
export function messageOf(line: string): string {
  let text = line;
  const m = priority.exec(text);
  if (m !== null) {
    text = text.slice(m[0].length);
    const newer = rfc5424.exec(text);
    if (newer !== null) return text.slice(newer[0].length);
  }
  text = text.slice(dated.exec(text)?.[0].length ?? 0);
  return text.slice(tag.exec(text)?.[0].length ?? 0);
}
