import { relative, sep } from "node:path";

/** How Node says that an import leads nowhere, in a CommonJS program and in an ES module. */
const NOT_FOUND = ["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"];
/** A place in a stack: of a frame, or of a syntax error, which stands before the frames. An ES module's path has the mark of the run behind it. */
const PLACE = /(?:^|\(|at )(?:file:\/\/)?((?:\/|[A-Za-z]:\\)[^:?]+)(?:\?[^:]*)?:(\d+)(?::\d+\)?)?$/gm;

/** One sentence for whatever a program threw, with the place in the project where it happened. */
export function describeFailure(failure: unknown, root: string): string {
  if (!(failure instanceof Error)) return `The program failed: ${String(failure)}`;
  if (isForUsers(failure)) return failure.message;
  const { message, name } = failure;
  if (NOT_FOUND.includes((failure as NodeJS.ErrnoException).code ?? "")) return `The program cannot be loaded: ${message.split("\n")[0]}.`;
  const compiler = compilerMessage(failure);
  if (compiler !== undefined) return `The program cannot be compiled: ${compiler}`;
  const where = locationIn(failure, root);
  return `The program failed: ${name === "Error" ? "" : `${name}: `}${message}${where ? ` (${where})` : ""}`;
}

/** Errors that speak to the user: Pulumi's RunError and its kin, and those of a settings check. */
function isForUsers(error: Error): boolean {
  return "__pulumiRunError" in error || "__pulumiResourceError" in error;
}

/** What the compiler says, with file and line: swc's picture of the place without its own stack, or TypeScript's list. */
function compilerMessage({ name, message }: Error): string | undefined {
  if (name === "TSError") return message.replace(/^.*Unable to compile TypeScript:\s*/s, "").trim();
  const at = message.search(/\n+Caused by:\n\s+Syntax Error/);
  return at < 0 ? undefined : message.slice(0, at).replace(/^\s*x?\s*/, "");
}

/** The first frame of the stack that lies in the project: `components/service/service.ts:19`. */
function locationIn(error: Error, root: string): string | undefined {
  for (const [, file = "", line] of (error.stack ?? "").matchAll(PLACE)) {
    const path = relative(root, file);
    if (!path.startsWith("..") && !path.split(sep).includes("node_modules")) return `${path.replaceAll("\\", "/")}:${line}`;
  }
  return undefined;
}
