import type { FailureClass, GatewaySignalKind } from "../traffic.ts";
import { luaLine, luaRules } from "./lua-error-meaning.ts";
import type { NginxErrorLine } from "./nginx-error.ts";

/** What an error-log line says of the attempt or request it was written for. */
export interface NginxErrorMeaning {
  /** Absent: nothing failed by it. */
  readonly failure?: FailureClass;
  /** The line is of the request as a whole: no attempt was made, or none is named. */
  readonly ofRequest?: boolean;
  readonly signal?: GatewaySignalKind;
}

export type Rule = readonly [RegExp, NginxErrorMeaning | ((line: NginxErrorLine) => NginxErrorMeaning)];

/**
 * Messages by their first words; the first that matches decides. Read in nginx src/http/ngx_http_upstream.c,
 * src/event/ngx_event_connect.c, src/event/ngx_event_openssl.c, src/http/modules/ngx_http_{proxy,grpc,limit_req,limit_conn,auth_request}_module.c
 * and lua-nginx-module's balancer; what gateways written in Lua say is in lua-error-meaning.ts.
 */
const rules: readonly Rule[] = [
  [/ while resolving$/, { signal: "name-not-resolved" }],
  [/^connect\(\) (?:to .* )?failed \(/, (line) => connectFailed(line)],
  [/^socket\(\) failed/, { failure: "local-resource", signal: "descriptors" }],
  [/^\d+ worker_connections are not enough, reusing/, { signal: "worker-connections" }],
  [/^\d+ worker_connections are not enough/, { failure: "local-resource", signal: "worker-connections" }],
  [/^upstream timed out/, (line) => timedOut(line)],
  [/^upstream prematurely closed connection/, (line) => closed(line)],
  [/^(?:recv|readv|send|sendfile|sendfilev|writev)\(\) (?:to .* )?failed/, (line) => closed(line)],
  [
    /^upstream rejected request|^upstream server closed|^upstream sent goaway/,
    { failure: "closed-before-header" },
  ],
  [/^upstream sent more data than/, {}],
  [/^upstream sent unexpected/, (line) => (line.level === "warn" ? {} : afterHeader(line, "bad-response"))],
  [/^upstream sent invalid chunked response/, (line) => afterHeader(line, "bad-response")],
  [
    /^upstream (?:sent|prematurely sent)|^upstream split a header/,
    (line) => afterHeader(line, "bad-response"),
  ],
  [/^SSL_do_handshake\(\) failed|^peer closed connection in SSL handshake/, (line) => handshake(line)],
  [/^upstream SSL certificate/, { failure: "tls-failure" }],
  [
    /^SSL_(?:read|write)\(\) failed|^SSL_shutdown\(\) failed/,
    (line) => (line.upstream === undefined ? {} : closed(line)),
  ],
  [/^no live upstreams/, { failure: "no-endpoint" }],
  [
    /could not be resolved \(|^no resolver defined to resolve|^host not found in resolver/,
    { failure: "no-endpoint", ofRequest: true, signal: "name-not-resolved" },
  ],
  [/^limiting (?:requests|connections)/, { failure: "config-answer", ofRequest: true }],
  [/^auth request unexpected status/, { failure: "config-answer", ofRequest: true }],
  [
    /^rewrite or internal redirection cycle|^no (?:host|port) in upstream|^invalid (?:host|URL|port) in upstream/,
    { failure: "config-answer", ofRequest: true },
  ],
  [
    /^lua balancer: no peer set|no peer was returned, balancer/,
    { failure: "no-endpoint", ofRequest: true, signal: "lua-error" },
  ],
  ...luaRules,
  [/^failed to run |^\[lua\]|^lua |^\[C\]: in function/, (line) => luaLine(line)],
  [/^accept4?\(\) failed \((?:24|23):/, { signal: "descriptors" }],
  [/\((?:24|23): /, { signal: "descriptors" }],
  [/^worker process \d+ exited on signal (?:9|11|6|7)\b/, { signal: "worker-killed" }],
  [
    /^signal \d+ \(SIG(?:TERM|QUIT|INT)\) received|^gracefully shutting down|^shutting down/,
    { signal: "shutdown" },
  ],
  [/^signal \d+ \(SIGHUP\) received|^reconfiguring$/, { signal: "reload" }],
  [/^start worker processes/, { signal: "started" }],
];

export function meaningOf(line: NginxErrorLine): NginxErrorMeaning {
  if (line.subrequest !== undefined && line.upstream !== undefined) return { ofRequest: true };
  for (const [words, meaning] of rules) {
    if (words.test(line.message)) return typeof meaning === "function" ? meaning(line) : meaning;
  }
  return line.level === "emerg" ? { signal: "reload-failed" } : {};
}

/** By number: musl and glibc have other words for most of them. */
const refusedErrnos: ReadonlySet<number> = new Set([2, 104, 111]);
const unreachableErrnos: ReadonlySet<number> = new Set([1, 13, 100, 101, 112, 113]);
const localErrnos: ReadonlySet<number> = new Set([11, 12, 23, 24, 98, 99, 105]);

/** A Lua program's own connections, to Redis or to a name server, leave the same words and no upstream. */
const connectFailed = (line: NginxErrorLine): NginxErrorMeaning =>
  line.action === undefined && line.upstream === undefined ? {} : ofErrno(line);

function ofErrno(line: NginxErrorLine): NginxErrorMeaning {
  const errno = line.errno ?? 0;
  if (line.message.includes("nginx-502-server.sock")) return { failure: "no-endpoint" };
  if (errno === 110) return { failure: "connect-timeout" };
  if (unreachableErrnos.has(errno)) return { failure: "unreachable" };
  if (errno === 99) return { failure: "local-resource", signal: "no-local-port" };
  if (errno === 24 || errno === 23) return { failure: "local-resource", signal: "descriptors" };
  if (localErrnos.has(errno)) return { failure: "local-resource" };
  return { failure: refusedErrnos.has(errno) ? "connect-refused" : "unclassified" };
}

const isAfterHeader = (line: NginxErrorLine): boolean =>
  line.action === "reading upstream" ||
  line.action === "proxying upgraded connection" ||
  line.action === "sending to client";

const afterHeader = (line: NginxErrorLine, failure: FailureClass): NginxErrorMeaning => ({
  failure: isAfterHeader(line) ? "truncated" : failure,
});

function timedOut(line: NginxErrorLine): NginxErrorMeaning {
  if (line.action === "SSL handshaking to upstream") return { failure: "tls-failure" };
  return line.action === "connecting to upstream"
    ? { failure: "connect-timeout" }
    : afterHeader(line, "response-timeout");
}

/** The peer answers no more packets, or its network does not. */
const lostErrnos: ReadonlySet<number> = new Set([101, 110, 113]);

/** recv(), send() and the like; also seen before a connection stands, when connect() itself came later to its end. */
function closed(line: NginxErrorLine): NginxErrorMeaning {
  if (line.action === undefined) return {};
  if (line.action === "SSL handshaking to upstream") return { failure: "tls-failure" };
  if (line.action === "connecting to upstream") return ofErrno(line);
  const ofUpstream = line.action.includes("upstream") || isAfterHeader(line);
  if (!ofUpstream || line.upstream === undefined) return {};
  return afterHeader(line, lostErrnos.has(line.errno ?? 0) ? "unreachable" : "closed-before-header");
}

/** The same words are used for a client's own handshake with the gateway, which no upstream is part of. */
const handshake = (line: NginxErrorLine): NginxErrorMeaning =>
  line.action === "SSL handshaking to upstream" ? { failure: "tls-failure" } : {};
