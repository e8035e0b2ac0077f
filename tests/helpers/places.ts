import { join, resolve } from "node:path";

export const REPOSITORY = resolve(__dirname, "..", "..");
/** The template as Berth gives it away. Its files at the top are the user's to edit; Berth's suites test this copy (scripts/template.js makes it). */
export const TEMPLATE = join(REPOSITORY, "tests", "fixtures", "template");
