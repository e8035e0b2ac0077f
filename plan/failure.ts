import { relative, sep } from "node:path";

/** One sentence for whatever a program threw, with the place in the project where it happened. */
export function describeFailure(failure: unknown, root: string): string {
  if (!(failure instanceof Error)) return `The program failed: ${String(failure)}`;
  if (isForUsers(failure)) return failure.message;
  const { message, name } = failure;
  if ((failure as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return `The program cannot be loaded: ${message.split("\n")[0]}.`;
  // ts-node's message holds the file and line of each mistake already.
  if (name === "TSError") return `The program cannot be compiled: ${diagnostics(message)}`;
  const where = placeIn(failure, root);
  return `The program failed: ${name === "Error" ? "" : `${name}: `}${message}${where ? ` (${where})` : ""}`;
}

/** Errors that speak to the user: Pulumi's RunError and its kin, and those of a settings check. */
function isForUsers(error: Error): boolean {
  return ["PlanError", "InputError"].includes(error.name) || "__pulumiRunError" in error || "__pulumiResourceError" in error;
}

function diagnostics(message: string): string {
  return message.replace(/^.*Unable to compile TypeScript:\s*/s, "").trim();
}

/** The first frame of the stack that lies in the project: `components/service.ts:19`. */
function placeIn(error: Error, root: string): string | undefined {
  for (const [, file, line] of (error.stack ?? "").matchAll(/\(?((?:\/|[A-Za-z]:\\)[^():]+):(\d+):\d+\)?$/gm)) {
    const path = relative(root, file);
    if (!path.startsWith("..") && !path.split(sep).includes("node_modules")) return `${path.replaceAll("\\", "/")}:${line}`;
  }
  return undefined;
}
