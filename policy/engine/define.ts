import type { EnforcementLevel, Policy, PolicyResource, ResourceValidationPolicy, Severity, StackValidationPolicy } from "@pulumi/policy";
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { canonicalType } from "../../facts/types";
import { type Control, catalogue } from "../controls/catalogue";
import { adopt, decide, Graph, known, type Recording } from "../graph/graph";
import type { AnyResource, Resource, TypeName } from "../graph/types";
import { type Exception, expired, names } from "./exceptions";

/** A number or list that a team may set for a rule, as the JSON schema that Pulumi checks the configuration against. */
export type Parameter<V = unknown> = Omit<PolicyConfigJSONSchema, "default" | "description"> & { default: V; description: string };
export type ParameterSpecs = Record<string, Parameter>;
type Values<P extends ParameterSpecs> = { [K in keyof P]: P[K]["default"] };

/** Tells that a resource breaks the rule: one sentence with the place, what was given and what is allowed. */
export type Report = (message: string, at?: AnyResource) => void;

interface Spec<T extends TypeName, P extends ParameterSpecs> {
  /** `<service>-<resource>-<what>`. */
  name: string;
  /** What holds where the rule is kept. */
  description: string;
  /** Ids of the controls that the rule shows. */
  controls: readonly string[];
  /** Why it matters. */
  reason: string;
  /** The code that keeps the rule. */
  fix: string;
  /** The resources that the rule is about. */
  types: readonly T[];
  parameters?: P;
  /** True for a rule against the resources as such: without any it holds (others do not apply then). */
  forbids?: boolean;
}

interface Metadata {
  severity: Severity;
  enforcementLevel: EnforcementLevel;
  controls: readonly string[];
  /** The standards' ids for these controls, such as `FSBP:ECS.5`. */
  standards: readonly string[];
  reason: string;
  fix: string;
  parameters: ParameterSpecs;
  /** The resources that the rule is about, by canonical type. */
  types: readonly TypeName[];
  forbids: boolean;
  /** The resources that the rule is about in that graph. */
  subjects(graph: Graph): AnyResource[];
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
  const concerned = (r: Resource<T>) => spec.concerns?.(r) ?? true;
  return {
    ...metadata(spec),
    subjects: (graph) => graph.of(...spec.types).filter((r) => known(() => concerned(r)) ?? true),
    validateResource(args, report) {
      if (!spec.types.some((t) => t === canonicalType(args.type))) return;
      // A resource rule gets no dependencies; it does not ask for any.
      const resource = adopt<T>({ ...args, dependencies: [], propertyDependencies: {} });
      const settings = args.getConfig<Settings>();
      if (excused(resource, settings)) return;
      const parameters = valuesOf(spec.parameters, settings);
      // Where a value that is not known yet decides whether the rule is about the resource, the check ends undecided.
      decide(() => {
        if (concerned(resource)) spec.check(resource, (message) => report(message, args.urn), parameters);
      });
    },
  };
}

/** A rule that looks at how resources are connected. Pulumi applies it to the whole stack. */
export function stackRule<T extends TypeName, P extends ParameterSpecs = Record<never, Parameter>>(spec: StackSpec<T, P>): Rule {
  const concerned = (r: Resource<T>, graph: Graph) => spec.concerns?.(r, graph) ?? true;
  return {
    ...metadata(spec),
    subjects: (graph) => graph.of(...spec.types).filter((r) => known(() => concerned(r, graph)) ?? true),
    validateStack(args, report) {
      const graph = graphOf(args.resources);
      const settings = args.getConfig<Settings>();
      const parameters = valuesOf(spec.parameters, settings);
      for (const resource of graph.of(...spec.types)) {
        const tell = (message: string, at: AnyResource = resource) => {
          if (!excused(at, settings)) report(message, at.urn);
        };
        decide(() => {
          if (concerned(resource, graph)) spec.check(resource, graph, tell, parameters);
        });
      }
    },
  };
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

function valuesOf<P extends ParameterSpecs>(specs: P | undefined, settings: Settings): Values<P> {
  return Object.fromEntries(Object.entries(specs ?? {}).map(([k, s]) => [k, settings[k] ?? s.default])) as Values<P>;
}

const ranks: readonly Severity[] = ["low", "medium", "high", "critical"];

function metadata<T extends TypeName, P extends ParameterSpecs>(spec: Spec<T, P>): Policy & Omit<Metadata, "subjects"> {
  const controls = spec.controls.map(controlById);
  const severity = ranks[Math.max(...controls.map((c) => ranks.indexOf(c.severity)))];
  return {
    name: spec.name,
    description: spec.description,
    severity,
    enforcementLevel: severity === "low" ? "advisory" : "mandatory",
    controls: spec.controls,
    standards: [...new Set(controls.flatMap((c) => c.sources))],
    reason: spec.reason,
    fix: spec.fix,
    remediationSteps: spec.fix,
    tags: [...spec.controls],
    parameters: spec.parameters ?? {},
    types: spec.types,
    configSchema: { properties: { ...spec.parameters, exceptions: exceptionsSchema } },
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
