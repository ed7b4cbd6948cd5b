import { SourceProblem } from "../../src/evidence/source-problem.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { serveCluster } from "./serve.ts";

/** `node lab/api-server/main.ts BUNDLE_PATH`: the bundle as a cluster, until Ctrl-C. */
async function main(path: string | undefined): Promise<void> {
  if (path === undefined) throw new SourceProblem("usage: node lab/api-server/main.ts BUNDLE_PATH");
  const cluster = await serveCluster(await openSource(path));
  process.stderr.write(`serving ${path} at ${cluster.url} until Ctrl-C; its kubeconfig:\n`);
  process.stdout.write(`${cluster.kubeconfigPath}\n`);
  const stop = (): void => void cluster.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

try {
  await main(process.argv[2]);
} catch (error) {
  if (!(error instanceof SourceProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
