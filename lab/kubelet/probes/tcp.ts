import { connect } from "node:net";
import { dialErrorText } from "./go-error.ts";
import { failure, type ProbeOutcome, success } from "./outcome.ts";

/** kubernetes/kubernetes pkg/probe/tcp/tcp.go: a connection is enough. */
export function probeTcp(host: string, port: number, timeoutMs: number): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (outcome: ProbeOutcome): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => finish(failure(`dial tcp ${host}:${port}: i/o timeout`)), timeoutMs);
    socket.once("connect", () => finish(success));
    socket.once("error", (error) => finish(failure(dialErrorText(error, `${host}:${port}`))));
  });
}
