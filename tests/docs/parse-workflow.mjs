// Prints what GitHub's own parser complains about in a workflow, as a JSON array.
import { readFileSync } from "node:fs";
import { register } from "node:module";

// The parser is written for bundlers: Node wants to be told that a module is JSON.
const hook =
  'export const load = (url, context, next) => next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);';
register(`data:text/javascript,${encodeURIComponent(hook)}`);
const { NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");

const [file] = process.argv.slice(2);
const { context } = parseWorkflow({ name: file, content: readFileSync(file, "utf8") }, new NoOperationTraceWriter());
console.log(JSON.stringify(context.errors.getErrors().map(({ message }) => message)));
