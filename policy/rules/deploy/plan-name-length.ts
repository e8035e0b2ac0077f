import { ADDED, NAMES } from "../../../facts/names";
import { shortType } from "../../../facts/types";
import { resourceRule } from "../../engine/define";
import { given } from "../../graph/graph";
import type { TypeName } from "../../graph/types";

export default resourceRule({
  name: "plan-name-length",
  category: "deploy",
  severity: "high",
  description: "Physical names are no longer than AWS allows.",
  reason: "AWS refuses the resource in the middle of the update. Pulumi adds eight characters to the names that it makes.",
  fix: `name: "short"`,
  settings: "transform",
  types: Object.keys(NAMES) as TypeName[],
  check(resource, report) {
    const limit = NAMES[resource.type];
    if (!limit || given(resource, `${limit.key}Prefix`)) return;
    const name = (resource.props as Record<string, unknown>)[limit.key];
    const [whole, what, most] =
      typeof name === "string"
        ? [name.length, `the name "${name}"`, limit.most]
        : [resource.name.length + ADDED, `the name "${resource.name}" with the ${ADDED} characters that Pulumi adds`, limit.most - ADDED];
    if (whole > limit.most)
      report(`${what} has ${whole} characters, and AWS takes ${limit.most} for ${shortType(resource.type)}`, `use at most ${most}`, {
        fix: `a name of at most ${most} characters`,
      });
  },
});
