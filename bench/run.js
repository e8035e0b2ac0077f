// npm run bench [-- NAME ...] [--runs N]: runs bench/NAME.bench.ts, or all of them, and prints what they measure.
// A missed target is printed, not an error: only a program that fails makes the exit status 1.
const fs = require("node:fs");
const path = require("node:path");
const { parseArgs } = require("node:util");

require("ts-node").register({ transpileOnly: true, project: path.join(__dirname, "..", "tsconfig.json") });

const suffix = ".bench.ts";
const available = fs
  .readdirSync(__dirname)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length));

function readCommandLine() {
  const { values, positionals } = parseArgs({ options: { runs: { type: "string", default: "5" } }, allowPositionals: true });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is "${values.runs}": give a whole number of measured runs, at least 1.`);
  const unknown = positionals.find((name) => !available.includes(name));
  if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}": choose from ${available.join(", ")}.`);
  return { names: positionals.length > 0 ? positionals : available, runs };
}

async function main() {
  const { names, runs } = readCommandLine();
  for (const name of names) {
    const benchmark = require(path.join(__dirname, name + suffix));
    console.log(`${benchmark.title} (median of ${runs})`);
    await benchmark.run((line) => console.log(line), { runs });
    console.log();
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
