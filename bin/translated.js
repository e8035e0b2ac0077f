"use strict";
// Lets Node load TypeScript as ts-node does, from the JavaScript that is kept of each file: neither ts-node nor TypeScript is loaded before a file has
// changed, which is half of the start of a command that has little to do.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { once, versions } = require("../sdk/transpiler");

const tools = [versions(), readFileSync(join(__dirname, "..", "tsconfig.json"), "utf8")];
const outputs = new Map();
let compiler;

function outputOf(file) {
  const source = readFileSync(file, "utf8");
  return once([file, "loaded"], [tools, source], () => {
    compiler ??= require("ts-node").create({ transpileOnly: true, dir: __dirname });
    return compiler.compile(source, file);
  });
}

require.extensions[".ts"] = (module, file) => {
  const output = outputOf(file);
  outputs.set(file, output);
  module._compile(output, file);
};

// A stack is written in lines of the source, from the first one that somebody reads.
Error.prepareStackTrace = (error, frames) => {
  const retrieveFile = (file) => outputs.get(file) ?? "";
  require("@cspotcode/source-map-support").install({ environment: "node", handleUncaughtExceptions: false, retrieveFile });
  return Error.prepareStackTrace(error, frames);
};
