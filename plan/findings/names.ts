import { ADDED, NAMES } from "../../facts/names";
import { entryOf, shortType } from "../../facts/types";
import { text } from "../graph/query";
import type { GraphRule } from "./rule";

export const nameLength: GraphRule = {
  name: "plan-name-length",
  severity: "high",
  level: "mandatory",
  check: ({ graph }) =>
    graph.resources.flatMap(({ urn, type, name, inputs }) => {
      const limit = entryOf(NAMES, type);
      if (!limit || text(inputs[`${limit.key}Prefix`]) !== undefined) return [];
      const given = text(inputs[limit.key]);
      const length = given === undefined ? name.length + ADDED : given.length;
      const whose = given === undefined ? `Pulumi's name for it (its own and ${ADDED} characters)` : `its name "${given}"`;
      return length <= limit.most
        ? []
        : [
            {
              urn,
              message: `${whose} has ${length} characters; AWS takes ${limit.most} for ${shortType(type)}.`,
              fix: `a name of at most ${given === undefined ? limit.most - ADDED : limit.most} characters`,
            },
          ];
    }),
};
