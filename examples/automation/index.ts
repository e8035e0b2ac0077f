// The template's program: what a stack has is in its stack file, which deploy.ts writes.
import template = require("../../index");

export = template;
