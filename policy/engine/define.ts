import type { EnforcementLevel, Policy, PolicyResource, ResourceValidationPolicy, Severity, StackValidationPolicy } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { canonicalType } from "../../facts/types";
import { type Control, catalogue } from "../controls/catalogue";
import { adopt, Graph, type Recording } from "../graph/graph";
import type { AnyResource, Resource, TypeName } from "../graph/types";
import { known, type Reason, reasonsOf } from "../graph/undecided";
import { type Exception, expired, names } from "./exceptions";
import type { Remedies } from "./remedies";

/** A number or list that a team may set for a rule, as the JSON schema that Pulumi checks the configuration against. */
export type Parameter<V = unknown> = Omit<PolicyConfigJSONSchema, "default" | "description"> & { default: V; description: string };
export type ParameterSpecs = Record<string, Parameter>;
type Values<P extends ParameterSpecs> = { [K in keyof P]: P[K]["default"] };

/** What a rule is about: `security` and the other standards' controls, what stops a `deploy`, or `cost`. */
export type Category = "security" | "deploy" | "cost";

/** Says that a resource breaks the rule, in two halves of one sentence: what was found, and what to do about it. */
export type Report = (problem: string, advice: string, more?: More) => void;

interface More {
  /** The resource to correct, where it is another than the one that was checked. */
  at?: AnyResource;
  /** Replaces the rule's fix. */
  fix?: string;
  /** Replaces the rule's settings. */
  settings?: Remedies;
}

/** A broken rule, before the team's choices. */
export interface Violation {
  resource: AnyResource;
  problem: string;
  advice: string;
  fix: string;
  settings: Remedies;
}

interface Spec<T extends TypeName, P extends ParameterSpecs> {
  /** `<service>-<resource>-<what>`. */
  name: string;
  /** Default: security. */
  category?: Category;
  /** What holds where the rule is kept. */
  description: string;
  /** Ids of the controls that the rule shows. */
  controls?: readonly string[];
  /** Default: that of the most severe control. A rule without controls has one of its own. */
  severity?: Severity;
  /** Default: mandatory, advisory for low severity. */
  level?: EnforcementLevel;
  /** Why it matters. */
  reason: string;
  /** The code that keeps the rule. */
  fix: string;
  /** What keeps the rule where a component of Berth made the resource. */
  settings: Remedies;
  /** The resources that the rule is about. */
  types: readonly T[];
  parameters?: P;
  /** True for a rule against the resources as such: without any it holds (others do not apply then). */
  forbids?: boolean;
}

interface Metadata {
  category: Category;
  severity: Severity;
  enforcementLevel: EnforcementLevel;
  controls: readonly string[];
  /** The standards' ids for these controls, such as `FSBP:ECS.5`. */
  standards: readonly string[];
  reason: string;
  fix: string;
  settings: Remedies;
  parameters: ParameterSpecs;
  /** The resources that the rule is about, by canonical type. */
  types: readonly TypeName[];
  forbids: boolean;
  /** The resources that the rule is about in that graph. */
  subjects(graph: Graph): AnyResource[];
  /** What the rule finds in a graph, and where it could not decide. */
  evaluate(graph: Graph, parameters: Record<string, unknown>): Evaluation;
}

export interface Evaluation {
  violations: Violation[];
  undecided: { resource: AnyResource; reason: Reason }[];
}

/** A rule is a Pulumi policy and what people need to know of it. */
export type Rule = (ResourceValidationPolicy | StackValidationPolicy) & Metadata;

type ResourceSpec<T extends TypeName, P extends ParameterSpecs> = Spec<T, P> & {
  concerns?(resource: Resource<T>): boolean;
  check(resource: Resource<T>, report: Report, parameters: Values<P>): void;
};

type StackSpec<T extends TypeName, P extends ParameterSpecs> = Spec<T, P> & {
  concerns?(resource: Resource<T>, graph: Graph): boolean;
  check(resource: Resource<T>, graph: Graph, report: Report, parameters: Values<P>): void;
};

/** A rule that one resource's inputs decide. Pulumi applies it before the resource is touched. */
export function resourceRule<T extends TypeName, P extends ParameterSpecs = Record<never, Parameter>>(spec: ResourceSpec<T, P>): Rule {
  const check = (r: Resource<T>, report: Report, parameters: Values<P>) => {
    if (spec.concerns?.(r) ?? true) spec.check(r, report, parameters);
  };
  return {
    ...metadata(spec),
    subjects: (graph) => graph.of(...spec.types).filter((r) => known(() => spec.concerns?.(r)) ?? true),
    evaluate: (graph, given) => evaluate(graph.of(...spec.types), spec, (r, report) => check(r, report, valuesOf(spec.parameters, given))),
    validateResource(args, report) {
      if (!spec.types.some((t) => t === canonicalType(args.type))) return;
      // A resource rule gets no dependencies; it does not ask for any.
      const resource = adopt<T>({ ...args, dependencies: [], propertyDependencies: {} });
      const settings = args.getConfig<Settings>();
      if (excused(resource, settings)) return;
      const tell: Report = (problem, advice) => report(`${problem}; ${advice}.`, args.urn);
      reasonsOf(() => check(resource, tell, valuesOf(spec.parameters, settings)));
    },
  };
}

/** A rule that looks at how resources are connected. Pulumi applies it to the whole stack. */
export function stackRule<T extends TypeName, P extends ParameterSpecs = Record<never, Parameter>>(spec: StackSpec<T, P>): Rule {
  const check = (r: Resource<T>, graph: Graph, report: Report, parameters: Values<P>) => {
    if (spec.concerns?.(r, graph) ?? true) spec.check(r, graph, report, parameters);
  };
  return {
    ...metadata(spec),
    subjects: (graph) => graph.of(...spec.types).filter((r) => known(() => spec.concerns?.(r, graph)) ?? true),
    evaluate: (graph, given) =>
      evaluate(graph.of(...spec.types), spec, (r, report) => check(r, graph, report, valuesOf(spec.parameters, given))),
    validateStack(args, report) {
      const graph = graphOf(args.resources);
      const settings = args.getConfig<Settings>();
      const parameters = valuesOf(spec.parameters, settings);
      for (const resource of graph.of(...spec.types)) {
        const tell: Report = (problem, advice, { at = resource } = {}) => {
          if (!excused(at, settings)) report(`${problem}; ${advice}.`, at.urn);
        };
        reasonsOf(() => check(resource, graph, tell, parameters));
      }
    },
  };
}

/** Checks resources one by one. Where a value that is not known yet decides whether the rule is about one, its check ends undecided. */
function evaluate<T extends TypeName>(
  resources: Resource<T>[],
  spec: Pick<Spec<T, ParameterSpecs>, "fix" | "settings">,
  check: (resource: Resource<T>, report: Report) => void,
): Evaluation {
  const violations: Violation[] = [];
  const undecided: Evaluation["undecided"] = [];
  for (const resource of resources) {
    const report: Report = (problem, advice, { at = resource, fix = spec.fix, settings = spec.settings } = {}) =>
      violations.push({ resource: at, problem, advice, fix, settings });
    for (const reason of reasonsOf(() => check(resource, report))) undecided.push({ resource, reason });
  }
  return { violations, undecided };
}

// All rules read one recording: its graph is built once. (The engine hands each rule a list of its own.)
const graphs = new WeakMap<readonly PolicyResource[], Graph>();

/** The graph of a list of resources, built once per list. */
export function graphOf(resources: readonly PolicyResource[], recording?: Recording): Graph {
  const graph = graphs.get(resources) ?? new Graph(resources, recording);
  graphs.set(resources, graph);
  return graph;
}

/** What the policy pack's configuration may hold for a rule. */
type Settings = { exceptions?: Omit<Exception, "rule">[] } & Record<string, unknown>;

function excused(resource: AnyResource, settings: Settings): boolean {
  return (settings.exceptions ?? []).some((e) => names(e, resource) && !expired(e, new Date()));
}

function valuesOf<P extends ParameterSpecs>(specs: P | undefined, given: Record<string, unknown>): Values<P> {
  return Object.fromEntries(Object.entries(specs ?? {}).map(([k, s]) => [k, given[k] ?? s.default])) as Values<P>;
}

const ranks: readonly Severity[] = ["low", "medium", "high", "critical"];

function metadata<T extends TypeName, P extends ParameterSpecs>(spec: Spec<T, P>): Policy & Omit<Metadata, "subjects" | "evaluate"> {
  const { name, category = "security", description, reason, fix, parameters = {} } = spec;
  const controls = (spec.controls ?? []).map(controlById);
  const severity = spec.severity ?? ranks[Math.max(...controls.map((c) => ranks.indexOf(c.severity)))];
  if (severity === undefined) throw new Error(`The rule "${name}" has neither a control nor a severity.`);
  return {
    name,
    category,
    description,
    severity,
    enforcementLevel: spec.level ?? (severity === "low" ? "advisory" : "mandatory"),
    controls: controls.map(({ id }) => id),
    standards: [...new Set(controls.flatMap((c) => c.sources))],
    reason,
    fix,
    settings: spec.settings,
    remediationSteps: fix,
    tags: [category, ...controls.map(({ id }) => id)],
    parameters,
    types: spec.types,
    configSchema: { properties: { ...parameters, exceptions: exceptionsSchema } },
    forbids: spec.forbids ?? false,
  };
}

function controlById(id: string): Control {
  const control = catalogue.find((c) => c.id === id);
  if (!control) throw new Error(`There is no control "${id}" in the catalogue.`);
  return control;
}

const exceptionsSchema: PolicyConfigJSONSchema = {
  type: "array",
  description: "Violations of this rule that are accepted: resource (name, type::name or URN, * for any text), reason, until (YYYY-MM-DD).",
  items: {
    type: "object",
    required: ["resource", "reason"],
    properties: { resource: { type: "string" }, reason: { type: "string", minLength: 1 }, until: { type: "string", format: "date" } },
  },
};
