// Pulumi's SDK writes a stack trace for each of its thousands of promises, and shows it only with PULUMI_DEBUG_PROMISE_LEAKS. Writing one out, with source
// maps, is a fifth of a program's time; without that variable this leaves them empty. Traces of errors stay as they are.
const write = Error.prepareStackTrace;

if (write && !process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  Error.prepareStackTrace = (error, frames) => (frames[0]?.getFunctionName() === "debuggablePromise" ? "" : write(error, frames));
}

export {};
