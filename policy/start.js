// Where Pulumi enters the pack. Its runner for packs compiles with TypeScript's own compiler and then reads the types of all of @pulumi/aws:
// 25 seconds and 800 MB. The project's own settings (see ../tsconfig.json) translate without types; `npm run check` checks them.

const fs = require("node:fs");
const path = require("node:path");

const translator = require("ts-node").create({ dir: path.dirname(__dirname), transpileOnly: true });
require.extensions[".ts"] = (module, file) => module._compile(translator.compile(fs.readFileSync(file, "utf8"), file), file);
require("./index.ts");
