import type { Graph } from "./graph";
import type { AnyResource } from "./types";

/** The region that a resource is made in; undefined where nothing says so. Throws where it is not known yet. */
export function regionOf(resource: AnyResource, graph: Graph): string | undefined {
  const own = (props: object): unknown => (props as { region?: unknown }).region;
  const region = own(resource.props) ?? own(resource.provider?.props ?? {}) ?? graph.recording?.region;
  return typeof region === "string" ? region : undefined;
}
