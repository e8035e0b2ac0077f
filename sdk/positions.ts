import { isAbsolute, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** A place in a source file, as Pulumi's SDK sends it. */
interface Position {
  uri: string;
  line: number;
  column: number;
}

type StackTrace = (skip: number) => Position[];

/** A frame as it is written in a stack: `at new Service (/project/service.ts:12:5)`, or `at /project/index.ts:3:1`. */
const FRAME = /^\s*at (?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:\\).+):(\d+):(\d+)\)?$/;

/**
 * Does what the SDK's `Resource.stackTrace` does, for frames outside of libraries. The SDK writes down the whole stack for each resource, with source maps;
 * here frames of libraries are left out and each place is mapped once.
 */
export function sourcePositions(): StackTrace {
  const places = new Map<string, Position[]>();
  const positionOf = (frame: NodeJS.CallSite): Position[] => {
    const file = frame.getFileName();
    if (!file || !isOwn(file)) return [];
    const place = `${file}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
    const position = places.get(place) ?? mapped(frame);
    places.set(place, position);
    return position;
  };
  return function stackTrace(skip) {
    // The SDK counts two functions of its own among the frames to skip; the capture begins above this one.
    return framesAbove(stackTrace)
      .slice(skip - 1)
      .flatMap(positionOf);
  };
}

/** Neither Node's nor a library's. */
function isOwn(file: string): boolean {
  return (isAbsolute(file) || file.startsWith("file:")) && !file.includes(`${sep}node_modules${sep}`) && !file.includes("/node_modules/");
}

/** The frames from the caller of `callee` to the bottom of the stack. */
function framesAbove(callee: StackTrace): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: NodeJS.CallSite[] } = {};
  try {
    Error.stackTraceLimit = Number.POSITIVE_INFINITY;
    Error.prepareStackTrace = (_, frames) => frames;
    Error.captureStackTrace(holder, callee);
    return holder.stack ?? [];
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
}

/** Where the frame is in the source: whatever loaded the TypeScript knows the source map, and writes the mapped place into stacks. */
function mapped(frame: NodeJS.CallSite): Position[] {
  const unmapped = `at ${frame.getFileName()}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  const written = (Error.prepareStackTrace?.(new Error(), [frame]) as string | undefined) ?? unmapped;
  const [, file, line, column] = FRAME.exec(written.split("\n").at(-1) ?? "") ?? [];
  if (file === undefined) return [];
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  return [{ uri: pathToFileURL(path).href, line: Number(line), column: Number(column) }];
}
