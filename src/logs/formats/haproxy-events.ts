import type { GatewaySignalKind } from "../traffic.ts";
import { serviceOfBackend } from "./haproxy-names.ts";
import { messageOf } from "./haproxy-prefix.ts";

/** What a line of HAProxy says that is no request; without a kind it is known and says nothing that matters here. */
export interface HaproxyEvent {
  readonly kind?: GatewaySignalKind;
  /** "shop/orders" when the backend was made for a Service; else BACKEND/SERVER or BACKEND. */
  readonly about?: string;
}

type Rule = readonly [RegExp, GatewaySignalKind | undefined];

/** On stderr: "[WARNING]  (8) : ", before 2.4 "[WARNING] 324/144701 (8) : ". */
const severity = /^\[(?:ALERT|WARNING|NOTICE|DIAG)\] +(?:\d{1,3}\/\d{6} )?\(\d{1,10}\) : /;

/**
 * Words of haproxy src/server.c (`_srv_update_status_adm` and `_srv_update_status_op`), src/backend.c (`set_backend_down`), src/proxy.c, src/sock.c,
 * src/proto_tcp.c, src/haproxy.c and src/mworker.c. A first capture group is the backend, a second the server.
 */
const rules: readonly Rule[] = [
  [/^(?:backend|proxy|listen) '?(\S{1,300}?)'? has no server available/, "no-server"],
  [/^(?:Backup )?Server (\S{1,300})\/(\S{1,200}) is DOWN\b/, "server-down"],
  [/^(?:Backup )?Server (\S{1,300})\/(\S{1,200}) was DOWN and now enters maintenance/, "server-down"],
  [/^(?:Backup )?Server (\S{1,300})\/(\S{1,200}) is going DOWN for maintenance/, "server-down"],
  [/^(?:Backup )?Server (\S{1,300})\/(\S{1,200}) is (?:stopping|UP\/DRAIN)/, "server-down"],
  [/^(?:Backup )?Server (\S{1,300})\/(\S{1,200}) enters drain state/, "server-down"],
  [/^(?:Backup )?Server (\S{1,300})\/(\S{1,200}) is (?:UP|READY)\b/, "server-up"],
  [/^(?:Backup )?Server \S{1,300}\/\S{1,200} (?:is|was|now|has) /, undefined],
  [
    /^Health check for (?:backup )?server (\S{1,300})\/(\S{1,200}) (?:failed|succeeded|conditionally)/,
    undefined,
  ],
  [/^Connect\(\) failed for backend (\S{1,300}): no free ports/, "no-local-port"],
  [/^Proxy (\S{1,300}) reached (?:system|process) (?:FD|memory) limit/, "descriptors"],
  [/^Fatal errors found in configuration|^Error\(s\) found in configuration file/, "reload-failed"],
  [/^Loading failure!|^Failed to load worker/, "reload-failed"],
  [/^Reexecuting Master process|^Reloading HAProxy/, "reload"],
  [/^New worker (?:#\d+ )?\(\d+\) forked|^Loading success\./, "started"],
  [/^Exiting Master process|^Current worker .{0,40}exited with code (?:0|130|143)\b/, "shutdown"],
  [/^Current worker .{0,40}exited with code (?:134|136|137|139)\b/, "worker-killed"],
  [/^(?:Proxy|frontend|backend) \S{1,300} (?:started|stopped)\b|^(?:Stopping|Pausing|Resuming) /i, undefined],
  [/^(?:haproxy|HAProxy) version |^path to executable is |^config : /, undefined],
];

const tcp =
  /^\S{1,150}:\d{1,5} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]{8,12}\] \S{1,200} \S{1,300}\/\S{1,200} (?:-1|\d{1,10})\/(?:-1|\d{1,10})\/\+?\d{1,10} \+?\d{1,15} (?:[A-Za-z-]{2}|[A-Za-z-]{4}) \d/;

/**
 * Reads a line that is no HTTP request: servers and backends that go down or come up, the process's life, and TCP
 * sessions (`option tcplog`), which are no requests. Undefined for lines of others.
 */
export function readHaproxyEvent(line: string): HaproxyEvent | undefined {
  const message = messageOf(line);
  const head = severity.exec(message);
  const text = head === null ? message : message.slice(head[0].length);
  for (const [words, kind] of rules) {
    const m = words.exec(text);
    if (m === null) continue;
    if (kind === undefined) return {};
    const [, backend, server] = m;
    if (backend === undefined) return { kind };
    return {
      kind,
      about: serviceOfBackend(backend) ?? (server === undefined ? backend : `${backend}/${server}`),
    };
  }
  return head !== null || tcp.test(text) ? {} : undefined;
}
