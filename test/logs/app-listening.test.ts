import { describe, expect, test } from "vitest";
import { briefly } from "./app-text.ts";

describe("where an application listens", () => {
  test.each<[string, string, number]>([
    // servers that print what they bind
    ["INFO:     Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)", "127.0.0.1", 8000],
    ["INFO:     Uvicorn running on http://0.0.0.0:8080 (Press CTRL+C to quit)", "0.0.0.0", 8080],
    ["[2026-11-20 14:47:01 +0000] [7] [INFO] Listening at: http://0.0.0.0:8000 (7)", "0.0.0.0", 8000],
    [" * Running on http://127.0.0.1:5000", "127.0.0.1", 5000],
    ["* Listening on http://127.0.0.1:3000", "127.0.0.1", 3000],
    ["[7] * Listening on http://[::]:3000", "::", 3000],
    ["Starting development server at http://127.0.0.1:8000/", "127.0.0.1", 8000],
    [
      "[Fri Nov 20 14:47:01 2026] PHP 8.3.1 Development Server (http://localhost:8000) started",
      "127.0.0.1",
      8000,
    ],
    ["   INFO  Server running on [http://127.0.0.1:8000].", "127.0.0.1", 8000],
    ["      Now listening on: http://localhost:5000", "127.0.0.1", 5000],
    ["      Now listening on: http://[::]:8080", "::", 8080],
    ["      Now listening on: http://+:80", "::", 80],
    [
      "** Angular Live Development Server is listening on localhost:4200, open your browser **",
      "127.0.0.1",
      4200,
    ],
    ['LOG:  listening on IPv4 address "0.0.0.0", port 5432', "0.0.0.0", 5432],
    ["I, [2026-11-20T14:47:01.1 #7]  INFO -- : listening on addr=0.0.0.0:8080 fd=9", "0.0.0.0", 8080],
    ["Running ShopWeb.Endpoint with cowboy 2.10.0 at 127.0.0.1:4000 (http)", "127.0.0.1", 4000],
    ["Running ShopWeb.Endpoint with Bandit 1.2.0 at :::4000 (http)", "::", 4000],
    ["(bound on host 0.0.0.0 and port 3000)", "0.0.0.0", 3000],
    ["🚀 Rocket has launched from http://127.0.0.1:8000", "127.0.0.1", 8000],
    // lines of the application's own making
    ["listening on port 3000", "*", 3000],
    ["Example app listening on port 3000!", "*", 3000],
    ["Server running at http://localhost:3000/", "*", 3000],
    ["Server running at http://127.0.0.1:3000/", "127.0.0.1", 3000],
    ["2026/11/20 14:47:01 listening on :8080", "::", 8080],
    ["2026/11/20 14:47:01 server listening at [::]:50051", "::", 50051],
    ["⇨ http server started on [::]:1323", "::", 1323],
    ["[GIN-debug] Listening and serving HTTP on :8080", "::", 8080],
    ["Ad Service started, listening on 9555", "*", 9555],
    ["PaymentService gRPC server started on port 50051", "*", 50051],
    [
      '{"message":"starting server on :8080","severity":"info","timestamp":"2026-11-20T14:47:01.1Z"}',
      "::",
      8080,
    ],
    [
      '{"level":30,"time":1795186021000,"msg":"Server listening at http://127.0.0.1:3000"}',
      "127.0.0.1",
      3000,
    ],
    ['{"level":"info","msg":"listening","port":8080}', "*", 8080],
    [
      "2026-11-20T14:47:01.123Z  INFO 1 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port(s): 8080 (http) with context path ''",
      "*",
      8080,
    ],
    [
      "2026-11-20T14:47:01.123Z  INFO 1 --- [main] o.s.b.web.embedded.netty.NettyWebServer : Netty started on port 8080",
      "*",
      8080,
    ],
    ["gRPC Server started, listening on address: *, port: 9090", "::", 9090],
    [
      "shop 1.0 on JVM (powered by Quarkus 3.8) started in 1.2s. Listening on: http://0.0.0.0:8080",
      "0.0.0.0",
      8080,
    ],
    [
      '[INFO] actix: starting service: "actix-web-service-0.0.0.0:8080", workers: 4, listening on: 0.0.0.0:8080',
      "0.0.0.0",
      8080,
    ],
    ["Listening for client connections on 0.0.0.0:4222", "0.0.0.0", 4222],
    ["1:M 20 Nov 2026 14:47:01.123 * Running mode=standalone, port=6379.", "*", 6379],
    [
      "[System] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.3.0'  socket: '/x.sock'  port: 3306  MySQL.",
      "*",
      3306,
    ],
  ])("%s", (line, address, port) => {
    expect(briefly(line)).toEqual([{ kind: "listening", address, port }]);
  });

  test("terminal colours do not hide it", () => {
    expect(
      briefly(
        "\u001b[32mINFO\u001b[0m:     Uvicorn running on \u001b[1mhttp://127.0.0.1:8000\u001b[0m (Press CTRL+C to quit)",
      ),
    ).toEqual([{ kind: "listening", address: "127.0.0.1", port: 8000 }]);
  });

  test("werkzeug on all addresses is not on loopback, though it prints that too", () => {
    const lines = [
      " * Running on all addresses (0.0.0.0)",
      " * Running on http://127.0.0.1:5000",
      " * Running on http://10.42.0.7:5000",
    ];
    expect(briefly(lines.join("\n")).map((signal) => signal.address)).toEqual(["0.0.0.0", "0.0.0.0"]);
  });

  test.each([
    ["  ➜  Network: use --host to expose", "127.0.0.1"],
    ["  ➜  Network: http://10.42.0.7:5173/", "::"],
    ["  press h + enter to show help", "*"],
  ])("vite's local address goes by the line after it: %s", (next, address) => {
    expect(briefly(`  ➜  Local:   http://localhost:5173/\n${next}`)[0]).toEqual({
      kind: "listening",
      address,
      port: 5173,
    });
  });

  test.each([
    "Debugger listening on ws://127.0.0.1:9229/7a1c",
    "Listening for transport dt_socket at address: 5005",
    "Tomcat initialized with port(s): 8080 (http)",
    "WARNING: This is a development server. Do not use it in a production deployment.",
    "job 8080 finished in 12:30:45",
  ])("no listener in: %s", (line) => {
    expect(briefly(line).filter((signal) => signal.kind === "listening")).toEqual([]);
  });
});
