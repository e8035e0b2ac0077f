// What a stack file says of a service or a task by name, as what the stack has made of that name.
import type { QueueLike } from "../components/base/queue";
import type { Givens } from "../components/base/schema";
import type { FileSystem } from "../components/files/file-system";
import type { ContainerImage } from "../components/image/image";
import type { NetworkListener, NetworkListenerArgs } from "../components/load-balancer/network-listener";
import type { Route, RouteArgs } from "../components/load-balancer/route";
import { mounting } from "./file-systems";
import type { ofVolumes } from "./service";
import { type Sidecars, withImages } from "./sidecars";

/** What services and tasks share, and what brings requests and connections to services. */
interface Made {
  images: ReadonlyMap<string, ContainerImage>;
  files: ReadonlyMap<string, FileSystem>;
  queues: ReadonlyMap<string, QueueLike>;
  lb?: { route(args: RouteArgs): Route } | undefined;
  nlb?: { listener(args: NetworkListenerArgs): NetworkListener } | undefined;
}

interface OfTask {
  image: string;
  sidecars?: Sidecars;
  volumes?: Givens<{ volumes: typeof ofVolumes }>["volumes"];
  sendsTo?: string[];
}

/** What comes to a port. */
interface OfPort {
  route: RouteArgs | undefined;
  listener: NetworkListenerArgs | undefined;
}

interface WithPorts<P extends OfPort> {
  ports: (readonly [name: string, port: P])[];
}

/** The arguments of a task, with its image and what else it names. */
export const ofTask = <T extends OfTask>(name: string, { image, sidecars, volumes, sendsTo = [], ...task }: T, made: Made) => ({
  ...task,
  image: made.images.get(image)!,
  sidecars: withImages(name, sidecars, made.images),
  volumes: mounting(volumes, made.files),
  sendsTo: sendsTo.map((queue) => made.queues.get(queue)!),
});

/** The same of a service, with the queue that it works on and what comes to its ports. */
export function ofService<P extends OfPort, T extends OfTask & OfPort>(name: string, { ports, ...service }: T & WithPorts<P>, made: Made) {
  const reached = <Q extends OfPort>({ route, listener, ...port }: Q) => ({
    ...port,
    route: listener ? made.nlb?.listener(listener) : route && made.lb?.route(route),
  });
  const further = ports.map(([port, its]) => [port, reached(its)] as const);
  const queue = made.queues.get(name);
  return { ...ofTask(name, reached(service), made), ports: Object.fromEntries(further), ...(queue && { queue }) };
}
