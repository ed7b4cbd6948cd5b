import { runInside } from "./run-inside.ts";
import { starters } from "./starters.ts";

/** What the launcher runs inside the namespaces of a lab. */
runInside(starters);
