#!/usr/bin/env node
"use strict";
// The tool is TypeScript and runs from source; types are checked by `npm run check`, not on every start.
require("ts-node").register({ transpileOnly: true, dir: __dirname });
require("./cli.ts");
