/** How Go's net package words what a socket says (net/net.go OpError, syscall error strings of Linux). */
const syscallTexts: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  EINVAL: "connect: invalid argument",
  EADDRNOTAVAIL: "connect: cannot assign requested address",
};

/** "dial tcp 10.42.1.5:8080: connect: connection refused" */
export function dialErrorText(error: NodeJS.ErrnoException, address: string): string {
  const code = error.code ?? "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    const host = address.slice(0, address.lastIndexOf(":"));
    return `dial tcp: lookup ${host}: no such host`;
  }
  if (code === "ETIMEDOUT") return `dial tcp ${address}: connect: connection timed out`;
  return `dial tcp ${address}: ${syscallTexts[code] ?? error.message}`;
}

/** What Go says of a connection that ended instead of answering. */
export function readErrorText(
  error: NodeJS.ErrnoException & { rawPacket?: Buffer; bytesParsed?: number },
  local: string,
  remote: string,
): string {
  if (error.code?.startsWith("HPE_") === true) {
    const firstLine = (error.rawPacket?.toString("latin1") ?? "").split(/\r?\n/)[0] ?? "";
    return `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(firstLine)}`;
  }
  if (error.message === "socket hang up") return "EOF";
  if (error.code === "ECONNRESET") return `read tcp ${local}->${remote}: read: connection reset by peer`;
  if (error.code === "EPROTO" || error.code === "ERR_SSL_WRONG_VERSION_NUMBER")
    return "http: server gave HTTP response to HTTPS client";
  return error.message;
}
