#!/usr/bin/env node
"use strict";
// In the repository the tool is TypeScript and runs from source; types are checked by `npm run check`, not on every start. In a package it is compiled.
if (require("node:fs").existsSync(require("node:path").join(__dirname, "cli.ts"))) {
  require("./translated");
}
require("./cli");
