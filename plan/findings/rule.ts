import type { RecordedResource } from "../../facts/graph";
import type { Query } from "../graph/query";
import type { ServiceFacts } from "../graph/services";
import type { Finding } from "../plan-json";

/** What a rule looks at. */
export interface Subject {
  graph: Query<RecordedResource>;
  services: ServiceFacts[];
}

/** A mistake that nothing else reports before AWS does, minutes into a deploy, or that shows only under load. */
export interface GraphRule {
  name: string;
  severity: Finding["severity"];
  /** Mandatory where AWS refuses the stack or the tasks cannot start. */
  level: Finding["level"];
  check(subject: Subject): Violation[];
}

export interface Violation {
  urn: string;
  message: string;
  fix: string;
}
