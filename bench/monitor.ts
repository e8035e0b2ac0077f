import * as grpc from "@grpc/grpc-js";
import type { runtime } from "@pulumi/pulumi";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as engine from "@pulumi/pulumi/proto/engine_pb";
import { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { makeUrn } from "../plan/urn";
import { Transforms } from "./transforms";

/** What the program asked the engine to register. */
export interface Registration {
  urn: string;
  type: string;
  name: string;
}

export interface MonitorOptions {
  project: string;
  stack: string;
  /** As `pulumi preview`: what a provider computes stays unknown. */
  dryRun: boolean;
  /** What a provider would compute: ids and outputs of resources, results of invokes. */
  mocks: runtime.Mocks;
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
  /** `performance.now()` when the last resource was registered. */
  lastRegistration = 0;
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
      registerResourceOutputs: unary(() => new Empty()),
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
    const inputs = (await this.transforms.apply(registration.urn, request))?.toJavaScript() ?? {};
    if (!request.getCustom() && !request.getRemote()) return response;
    // A preview knows the inputs only; a remote component does not echo even those.
    if (this.options.dryRun) return response.setObject(toStruct(request.getRemote() ? {} : inputs));
    const { id, state } = await this.options.mocks.newResource({
      type: registration.type,
      name: registration.name,
      inputs,
      provider: request.getProvider(),
      custom: request.getCustom(),
      id: request.getImportid(),
    });
    return response.setId(request.getCustom() ? (id ?? "") : "").setObject(toStruct(state));
  }

  private async readResource(request: resource.ReadResourceRequest): Promise<resource.ReadResourceResponse> {
    const { state } = await this.options.mocks.newResource({
      type: request.getType(),
      name: request.getName(),
      inputs: request.getProperties()?.toJavaScript() ?? {},
      provider: request.getProvider(),
      custom: true,
      id: request.getId(),
    });
    return new resource.ReadResourceResponse().setUrn(this.urnOf(request)).setProperties(toStruct(state));
  }

  private async invoke(request: resource.ResourceInvokeRequest): Promise<InvokeResponse> {
    const token = request.getTok();
    this.invokes.set(token, (this.invokes.get(token) ?? 0) + 1);
    const inputs = request.getArgs()?.toJavaScript() ?? {};
    return new InvokeResponse().setReturn(toStruct(await this.options.mocks.call({ token, inputs, provider: request.getProvider() })));
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

/** Protobuf refuses `undefined`, which mocks may well hold: JSON leaves it out. */
function toStruct(value: object): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));
}
