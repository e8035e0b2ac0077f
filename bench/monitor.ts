import * as grpc from "@grpc/grpc-js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../plan/graph";
import { makeUrn } from "../plan/urn";
import { Transforms } from "./transforms";

/** What the program asked the engine to register. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
}

/** What AWS would answer. */
export interface Answers {
  /** Id and outputs of a resource, its inputs among them. */
  resource(made: Registration & { inputs: JsonObject }): { id: string; state: JsonObject };
  /** The result of a function such as `aws:index/getRegion:getRegion`. */
  invoke(token: string, args: JsonObject): JsonObject;
}

export interface MonitorOptions {
  project: string;
  stack: string;
  /** As `pulumi preview`: what a provider computes stays unknown. */
  dryRun: boolean;
  answers: Answers;
}

// The SDK asks for these by name. A program that uses another feature, such as hooks, is told no and fails.
const features = new Set(["secrets", "resourceReferences", "deletedWith", "replaceWith", "aliasSpecs", "transforms"]);

/** The least of a Pulumi engine that lets the real Node runner run a program to its end: ResourceMonitor and Engine on one loopback port. */
export class Monitor {
  readonly registrations: Registration[] = [];
  /** How often each function was invoked, by token. */
  readonly invokes = new Map<string, number>();
  /** Warnings and errors that the program logged. Lower levels are dropped: debug messages carry plain secrets. */
  readonly messages: string[] = [];
  /**
   * `performance.now()` at the last registration, of a resource or of outputs. The stack is registered before the program is loaded, so without its
   * outputs the time of a program without resources would end before it begins.
   */
  lastRegistration: number | undefined;
  /** Called when the program has finished and waits for leave to exit. */
  onFinished = () => {};

  private readonly server = new grpc.Server();
  private readonly transforms = new Transforms();
  private rootUrn = "";

  constructor(private readonly options: MonitorOptions) {}

  /** Starts listening on a free loopback port and returns its address. */
  async start(): Promise<string> {
    this.server.addService(ResourceMonitorService, {
      supportsFeature: unary((request: resource.SupportsFeatureRequest) =>
        new resource.SupportsFeatureResponse().setHassupport(features.has(request.getId())),
      ),
      registerResource: unary((request: resource.RegisterResourceRequest) => this.registerResource(request)),
      registerResourceOutputs: unary(() => {
        this.lastRegistration = performance.now();
        return new Empty();
      }),
      registerStackTransform: unary((callback: Callback) => {
        this.transforms.addToStack(callback);
        return new Empty();
      }),
      readResource: unary((request: resource.ReadResourceRequest) => this.readResource(request)),
      invoke: unary((request: resource.ResourceInvokeRequest) => this.invoke(request)),
      signalAndWaitForShutdown: unary(() => {
        this.onFinished();
        return new Empty();
      }),
    });
    this.server.addService(EngineService, {
      log: unary((request: engine.LogRequest) => {
        if (request.getSeverity() >= engine.LogSeverity.WARNING) this.messages.push(request.getMessage());
        return new Empty();
      }),
      getRootResource: unary(() => new engine.GetRootResourceResponse().setUrn(this.rootUrn)),
      setRootResource: unary((request: engine.SetRootResourceRequest) => {
        this.rootUrn = request.getUrn();
        return new engine.SetRootResourceResponse();
      }),
      requirePulumiVersion: unary(() => new engine.RequirePulumiVersionResponse()),
    });
    const port = await new Promise<number>((resolve, reject) => {
      this.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return `127.0.0.1:${port}`;
  }

  stop(): void {
    this.transforms.close();
    this.server.forceShutdown();
  }

  private async registerResource(request: resource.RegisterResourceRequest): Promise<resource.RegisterResourceResponse> {
    this.lastRegistration = performance.now();
    const registration = { urn: this.urnOf(request), type: request.getType(), name: request.getName() };
    if (this.registrations.some(({ urn }) => urn === registration.urn)) {
      throw new Error(`Duplicate resource URN '${registration.urn}'; try giving it a unique name`);
    }
    this.registrations.push(registration);

    const response = new resource.RegisterResourceResponse().setUrn(registration.urn).setResult(resource.Result.SUCCESS);
    const inputs = toJson(await this.transforms.apply(registration.urn, request));
    if (!request.getCustom() && !request.getRemote()) return response;
    // A preview knows the inputs only; a remote component does not echo even those.
    if (this.options.dryRun) return response.setObject(Struct.fromJavaScript(request.getRemote() ? {} : inputs));
    const { id, state } = this.options.answers.resource({ ...registration, inputs });
    return response.setId(request.getCustom() ? id : "").setObject(Struct.fromJavaScript(state));
  }

  private readResource(request: resource.ReadResourceRequest): resource.ReadResourceResponse {
    const inputs = toJson(request.getProperties());
    const read = { urn: this.urnOf(request), type: request.getType(), name: request.getName(), inputs };
    return new resource.ReadResourceResponse()
      .setUrn(read.urn)
      .setProperties(Struct.fromJavaScript(this.options.answers.resource(read).state));
  }

  private invoke(request: resource.ResourceInvokeRequest): InvokeResponse {
    const token = request.getTok();
    this.invokes.set(token, (this.invokes.get(token) ?? 0) + 1);
    return new InvokeResponse().setReturn(Struct.fromJavaScript(this.options.answers.invoke(token, toJson(request.getArgs()))));
  }

  private urnOf(request: resource.RegisterResourceRequest | resource.ReadResourceRequest): string {
    return makeUrn(this.options.stack, this.options.project, request.getParent(), request.getType(), request.getName());
  }
}

/** A gRPC method from a plain function; what it throws is the error that the program sees. */
function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>): grpc.handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, message: error instanceof Error ? error.message : String(error) });
    }
  };
}

function toJson(struct: Struct | undefined): JsonObject {
  return (struct?.toJavaScript() ?? {}) as JsonObject;
}
