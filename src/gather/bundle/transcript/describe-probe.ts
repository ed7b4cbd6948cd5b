import { defined, type JsonMap } from "../json-value.ts";

/**
 * A probe in one line (describe.go DescribeProbe): "http-get http://:8080/healthz delay=0s timeout=1s period=10s
 * #success=1 #failure=3"; newer versions write successThreshold= and failureThreshold=.
 */
export function describedProbe(text: string | undefined): JsonMap | undefined {
  const match =
    /^([\w-]+) ?([^]*?) +delay=(\d+)s timeout=(\d+)s period=(\d+)s (?:#success|successThreshold)=(\d+) (?:#failure|failureThreshold)=(\d+)([^]*)$/.exec(
      text ?? "",
    );
  if (match === null) return undefined;
  const [, type, target = "", delay, timeout, period, success, failure, rest = ""] = match;
  const handler = handlerOf(type!, target, rest.trim());
  return handler === undefined
    ? undefined
    : {
        ...handler,
        initialDelaySeconds: Number(delay),
        timeoutSeconds: Number(timeout),
        periodSeconds: Number(period),
        successThreshold: Number(success),
        failureThreshold: Number(failure),
      };
}

function handlerOf(type: string, target: string, rest: string): JsonMap | undefined {
  if (type === "exec") return { exec: { command: target.replace(/^\[|\]$/g, "").split(" ") } };
  if (type === "grpc") {
    const port = /:(\d+)$/.exec(target.split(" ", 1)[0]!)?.[1];
    return port === undefined
      ? undefined
      : { grpc: { port: Number(port), ...(rest === "" ? {} : { service: rest }) } };
  }
  if (type === "tcp-socket") {
    const at = target.lastIndexOf(":");
    return {
      tcpSocket: defined({
        host: target.slice(0, Math.max(at, 0)) || undefined,
        port: portOf(target.slice(at + 1)),
      }),
    };
  }
  if (type !== "http-get") return undefined;
  const url = /^(https?):\/\/(\[[^\]]*\]|[^:/?]*)(?::([^/?]*))?([^]*)$/.exec(target);
  if (url === null) return undefined;
  return {
    httpGet: defined({
      scheme: url[1]!.toUpperCase(),
      host: url[2] === "" ? undefined : url[2],
      port: url[3] === undefined ? undefined : portOf(url[3]),
      path: url[4] === "" ? undefined : unescaped(url[4]!),
    }),
  };
}

const portOf = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

/** Go escapes the path of the URL; the probe's own path is plain. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
