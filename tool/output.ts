import { fstatSync, writeSync } from "node:fs";

const STDOUT = 1;

/**
 * Ends the process where its output cannot be written: with 0 where whoever reads it (head, less) has seen enough, else with a message and 1. A script must not
 * take half a plan for a whole one.
 */
export function guardOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(
      `The output could not be written (${error.code ?? error.message}): free space where it goes, or write it elsewhere.\n`,
    );
    process.exit(1);
  });
  if (isFile()) process.stdout._write = writeWhole;
}

function isFile(): boolean {
  try {
    return fstatSync(STDOUT).isFile();
  } catch {
    return false; // there is no output at all
  }
}

/** Node's own way to a file takes a chunk of which only a part found room for written. */
const writeWhole: NodeJS.WriteStream["_write"] = (chunk: Buffer, _encoding, done) => {
  try {
    for (let rest = chunk; rest.length > 0; ) rest = rest.subarray(writeSync(STDOUT, rest));
    done();
  } catch (error) {
    done(error as Error);
  }
};
