// A worker whose number of tasks follows its queue, to none and back; a web service puts the messages in.
import { AppImage, Cluster, FargateService, LoadBalancer, Network, Queue } from "../../components";

const network = new Network("net", { nat: "single" });
const cluster = new Cluster("apps", { network });
const lb = new LoadBalancer("public", { network, deletionProtection: false, forceDestroyLogs: true });
const image = new AppImage("shop", { context: "../../app", forceDelete: true });

// A mail is another task's after two minutes, and after three attempts it is in the dead-letter queue.
const mails = new Queue("mails", { visibilityTimeout: 120, maxReceiveCount: 3, deletionProtection: false });

const web = new FargateService("web", { cluster, image, route: lb.route({ path: "/*" }), sendsTo: [mails] });
const mailer = new FargateService("mailer", {
  cluster,
  image,
  // Yours: ["node", "mailer.js"].
  command: ["node", "-e", "setInterval(() => console.log('no mail'), 60000)"],
  queue: mails,
  // A task sends fifty mails in the time that one may wait.
  scaling: { min: 0, max: 20, messages: 50 },
  capacity: "spot",
});

export const region = network.location.region;
export const clusterName = cluster.clusterName;
export const { url } = web;
export const worker = mailer.serviceName;
export const deadLetters = mails.deadLetterQueue.url;
