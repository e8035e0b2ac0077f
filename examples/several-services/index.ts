// The template's program: what this stack has is in Pulumi.dev.yaml.
import template = require("../../index");

export = template;
