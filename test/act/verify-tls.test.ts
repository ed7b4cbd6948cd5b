import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeCertificates } from "../../lab/api-server/certificates.ts";
import type { VerifyReport } from "../../src/report/verify-report.ts";
import { runProgram } from "../cli/run-program.ts";
import { lacks, openssl } from "../support/programs.ts";

describe.skipIf(lacks("verify through TLS", openssl))("verify through TLS", () => {
  const names = new Set<unknown>();
  let server: Server;
  beforeAll(async () => {
    const { certificate, key } = makeCertificates("nobody");
    server = createServer({ cert: certificate, key }, (request, response) => {
      names.add((request.socket as TLSSocket).servername);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const verified = async (...more: string[]): Promise<VerifyReport> => {
    const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const bundle = ["--from", "corpus/target-port-nobody-listens-on/bundle"];
    const args = ["verify", "https://shop.example.com/cart", ...bundle, "--connect-to", at, "--rps", "50"];
    const { stdout } = await runProgram([...args, "-o", "json", ...more]);
    return JSON.parse(stdout) as VerifyReport;
  };

  test("a certificate that does not hold is no answer and no failure of what is behind", async () => {
    const report = await verified();
    expect(report.verdict).toBe("cannot-tell");
    expect(report.why).toMatch(/^no request reached the gateway \(\w+\)/);
  });

  test("is taken with --insecure, and the gateway is asked by the URL's name", async () => {
    const report = await verified("--insecure");
    expect(report).toMatchObject({ verdict: "fixed", request: { url: "https://shop.example.com/cart" } });
    expect(names).toEqual(new Set(["shop.example.com"]));
  });
});
