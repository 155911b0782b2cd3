// What the programs in containers do: how long they take to serve, when they end, crash or hang, how they react to being
// stopped. Kubernetes does not know any of this, so the scenario says it, by image, container name and labels.

import type { PodShape } from '../../kube/pod-shape.ts';
import { type DistributionSpec, quantileFunction } from '../../sim/distributions.ts';
import { Curve, type CurveSpec } from '../usage/curve.ts';

/** One rule; the first that matches a container counts. Times in microseconds. */
export interface AppSpec {
  /** An image with `*` for any text; absent: any image. */
  readonly image?: string;
  readonly container?: string;
  /** Labels that the pod must have. */
  readonly labels?: Readonly<Record<string, string>>;
  /** From the start of the process until it serves: start-up and readiness probes pass from then on. */
  readonly startup?: DistributionSpec;
  /** The process ends by itself after so long. */
  readonly run?: DistributionSpec;
  readonly exitCode?: number;
  /** It crashes after so long with code 1, if it lives that long. */
  readonly crash?: DistributionSpec;
  /** It stops answering its probes after so long. */
  readonly hang?: DistributionSpec;
  /** From SIGTERM until it ends. */
  readonly shutdown?: DistributionSpec;
  /** How long a preStop or postStart hook takes that does not say itself. */
  readonly preStop?: DistributionSpec;
  readonly postStart?: DistributionSpec;
  /** Millicores, bytes and bytes over the time since the start of the container. */
  readonly cpu?: CurveSpec;
  readonly memory?: CurveSpec;
  readonly storage?: CurveSpec;
  /** A factor of all usage, drawn once per pod; default 1. */
  readonly usageFactor?: DistributionSpec;
}

type Quantile = (u: number) => number;

/** What a rule says, ready to be drawn from. */
export class App {
  readonly startup: Quantile | undefined;
  readonly run: Quantile | undefined;
  readonly exitCode: number;
  readonly crash: Quantile | undefined;
  readonly hang: Quantile | undefined;
  readonly shutdown: Quantile | undefined;
  readonly preStop: Quantile | undefined;
  readonly postStart: Quantile | undefined;
  readonly cpu: Curve | undefined;
  readonly memory: Curve | undefined;
  readonly storage: Curve | undefined;
  readonly usageFactor: Quantile | undefined;

  constructor(spec: AppSpec) {
    const quantile = (distribution?: DistributionSpec) => distribution && quantileFunction(distribution);
    const curve = (points?: CurveSpec) => points && new Curve(points);
    this.startup = quantile(spec.startup);
    this.run = quantile(spec.run);
    this.exitCode = spec.exitCode ?? 0;
    this.crash = quantile(spec.crash);
    this.hang = quantile(spec.hang);
    this.shutdown = quantile(spec.shutdown);
    this.preStop = quantile(spec.preStop);
    this.postStart = quantile(spec.postStart);
    this.cpu = curve(spec.cpu);
    this.memory = curve(spec.memory);
    this.storage = curve(spec.storage);
    this.usageFactor = quantile(spec.usageFactor);
  }
}

/** Does a text match a pattern in which `*` stands for any text? */
export function matchesPattern(pattern: string, text: string): boolean {
  const [head = '', ...tail] = pattern.split('*');
  if (tail.length === 0) return text === pattern;
  if (!text.startsWith(head)) return false;
  let from = head.length;
  const last = tail.pop()!;
  for (const part of tail) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

/** A program of which nothing is known: serves at once, runs until it is stopped, and then ends at once. */
const UNKNOWN = new App({});

export class Apps {
  readonly #rules: readonly (readonly [AppSpec, App])[];

  constructor(specs: readonly AppSpec[]) {
    this.#rules = specs.map((spec) => [spec, new App(spec)]);
  }

  of(shape: PodShape, containerName: string, image: string): App {
    const rule = this.#rules.find(
      ([spec]) =>
        (spec.image === undefined || matchesPattern(spec.image, image)) &&
        (spec.container === undefined || spec.container === containerName) &&
        Object.entries(spec.labels ?? {}).every(([key, value]) => shape.labels[key] === value),
    );
    return rule ? rule[1] : UNKNOWN;
  }
}
