import { Duplex } from "node:stream";
import type { PodNetwork } from "./pod-network.ts";

/** Runs inside the pod: IPv4 first, then IPv6, as containerd does (internal/cri/server/sandbox_portforward_linux.go). */
const relay = `
const net = require("net");
const port = Number(process.argv[1]);
const fail = (said) => { process.stderr.write(said, () => process.exit(1)); };
const join = (socket) => { process.stdin.pipe(socket); socket.pipe(process.stdout); socket.on("error", (e) => fail(e.message)); socket.on("close", () => process.exit(0)); };
const first = net.connect(port, "127.0.0.1");
first.once("connect", () => { first.removeAllListeners("error"); join(first); });
first.once("error", (v4) => {
  const second = net.connect(port, "::1");
  second.once("connect", () => { second.removeAllListeners("error"); join(second); });
  second.once("error", (v6) => fail("failed to connect to localhost:" + port + " inside namespace, IPv4: dial tcp4 127.0.0.1:" + port + ": connect: " + said(v4) + " IPv6 dial tcp6: [::1]:" + port + ": connect: " + said(v6)));
});
const said = (e) => e.code === "ECONNREFUSED" ? "connection refused" : e.code === "EADDRNOTAVAIL" || e.code === "ENETUNREACH" ? "cannot assign requested address" : e.message;
`;

/** A connection to a port of a pod's own loopback device: no policy and no listening address stands in its way. */
export function connectInPod(network: PodNetwork, pod: string, port: number): Duplex {
  const child = network.spawn(pod, process.execPath, ["-e", relay, String(port)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error("a child without pipes");
  let said = "";
  stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  stdin.on("error", () => {});
  const stream = new Duplex({
    write: (chunk, _, done) => void stdin.write(chunk, () => done()),
    final: (done) => void stdin.end(done),
    read: () => void stdout.resume(),
    destroy: (error, done) => {
      child.kill("SIGKILL");
      done(error);
    },
  });
  stdout.on("data", (bytes: Buffer) => {
    if (!stream.push(bytes)) stdout.pause();
  });
  child.once("close", (code) => {
    if (code === 0) stream.push(null);
    else stream.destroy(new Error(said.trim() || `the connection ended with ${code}`));
  });
  child.once("error", (error) => stream.destroy(error));
  return stream;
}
