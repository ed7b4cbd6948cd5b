import { request as httpRequest } from "node:http";

export interface DependencyAnswer {
  /** 200 when all is well. */
  readonly status: number;
  /** What went wrong, as an application's client library says it. */
  readonly problem?: string;
}

const longestMs = 60_000;

/** Asks a dependency on a connection of its own. Never throws. */
export function callDependency(url: string, timeoutMs = longestMs): Promise<DependencyAnswer> {
  return new Promise((resolve) => {
    const request = httpRequest(url, { agent: false });
    const timer = setTimeout(() => {
      resolve({ status: 504, problem: `timeout of ${timeoutMs}ms exceeded` });
      request.destroy();
    }, timeoutMs);
    request.on("response", (response) => {
      const { statusCode: status = 0 } = response;
      response.on("end", () => {
        clearTimeout(timer);
        resolve(
          status < 400
            ? { status: 200 }
            : { status: 502, problem: `request failed with status code ${status}` },
        );
      });
      response.resume();
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve({ status: 502, problem: error.message || (error.code ?? "error") });
    });
    request.end();
  });
}
