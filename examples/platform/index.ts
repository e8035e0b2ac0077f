// What services share: a network, a cluster and a load balancer. No service runs here; ../platform-shop and ../platform-api are two of them.
import { Cluster, LoadBalancer, Network } from "../../components";

const network = new Network("net", { nat: "single", flowLogs: false });
const apps = new Cluster("apps", { network });
const lb = new LoadBalancer("public", { network, accessLogs: false, deletionProtection: false });

// All that the stack of a service needs to know.
export const platform = { ...network.shared, ...apps.shared, ...lb.shared };
