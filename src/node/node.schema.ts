// The `model.node` of a scenario: how nodes and their kubelets behave, and what they come down to in microseconds.

import { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { parseMilli, parseValue } from '../base/quantity.ts';
import {
  type DistributionInput,
  distributionOf,
  durationDistribution,
} from '../workload/distribution.schema.ts';
import { cpuText, durationText, memoryText, positiveDurationText } from '../workload/notation.schema.ts';
import { appSchema, appSpec } from './app.schema.ts';
import { evictionModel, evictionSchema } from './eviction.schema.ts';
import { bandwidthModel, imageModel, imagesSchema, pullModel, pullSchema } from './image.schema.ts';
import type { DetailedLifeModel, NodeModel, SimpleLifeModel } from './node-model.ts';
import type { ShutdownGroup } from './shutdown.ts';

const simpleSchema = z
  .strictObject({
    start: durationDistribution.default('0s').describe('From the binding of a pod to Running'),
    ready: durationDistribution.default('0s').describe('From Running to Ready'),
    terminate: durationDistribution.default('0s').describe('From the deletion of a pod until it is gone'),
    neverReady: z.array(z.string()).default([]).describe('Images whose pods never become Ready'),
    fail: z
      .record(z.string(), z.int().min(0))
      .default({})
      .describe('By the label app: how many of the pods that finish first fail instead of succeeding'),
  })
  .describe('Life of a pod by delays alone, without images, containers and probes (life: simple)');

const between = (min: string, max: string) => ({ kind: 'uniform' as const, min, max });

const stepsSchema = z
  .strictObject({
    volumes: durationDistribution
      .default(between('100ms', '400ms'))
      .describe("Until a pod's volumes are mounted (the kubelet's loops of 100 and 300 ms, 1.37)"),
    sandbox: durationDistribution
      .default(between('200ms', '1s'))
      .describe('Sandbox and network of a pod (typical of published measurements)'),
    create: durationDistribution
      .default(between('100ms', '500ms'))
      .describe('Creation and start of a container (typical of published measurements)'),
    cleanup: durationDistribution
      .default(between('500ms', '3s'))
      .describe('From the end of the last container until the pod is gone (typical)'),
    init: durationDistribution
      .default('1s')
      .describe('Run time of init containers of which nothing else is said (an assumption)'),
    relist: positiveDurationText
      .default('1s')
      .describe('How often the kubelet looks for ended containers (PLEG, 1.37)'),
    retry: positiveDurationText
      .default('10s')
      .describe('Next sync of a pod that could not be synced (backOffPeriod, 1.37)'),
    jitter: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe(
        'Waits for a next sync are longer by up to this share (workerBackOffPeriodJitterFactor, 1.37)',
      ),
    crashBackoff: positiveDurationText.default('10s').describe('First CrashLoopBackOff (kubelet 1.37)'),
    crashBackoffMax: positiveDurationText
      .default('300s')
      .describe('Longest (crashLoopBackOff.maxContainerRestartPeriod, 1.37)'),
  })
  .describe('Steps of the detailed life of a pod.');

const heartbeatSchema = z
  .strictObject({
    period: positiveDurationText
      .default('10s')
      .describe('Distance between two renewals of a lease (a quarter of its 40 s; kubelet 1.37)'),
    jitter: z
      .number()
      .min(0)
      .max(1)
      .default(0.04)
      .describe("Each node's period is longer by up to this share (component-helpers lease controller 1.37)"),
    restart: durationText
      .default('1s')
      .describe('How long a kubelet that is started again takes until it acts (an assumption)'),
  })
  .describe("The nodes' sign of life.");

const clientSchema = z
  .strictObject({
    qps: z.number().positive().default(50).describe('Requests per second of one kubelet (kubeAPIQPS, 1.37)'),
    burst: z.int().min(1).default(100).describe('Burst of one kubelet (kubeAPIBurst, 1.37)'),
  })
  .describe('How fast a kubelet may write to the API; its lease has a client without limits.');

const shutdownSchema = z
  .strictObject({
    gracePeriod: z
      .int()
      .min(0)
      .default(0)
      .describe('Seconds that a node takes to end its pods before it stops (shutdownGracePeriod, 1.37)'),
    criticalPods: z
      .int()
      .min(0)
      .default(0)
      .describe('… of them for critical pods, which end last (shutdownGracePeriodCriticalPods, 1.37)'),
  })
  .refine(({ gracePeriod, criticalPods }) => criticalPods <= gracePeriod, {
    message: 'must not exceed gracePeriod',
    path: ['criticalPods'],
  })
  .describe('Graceful shutdown of a node.');

const failureSchema = z
  .strictObject({
    domain: z
      .string()
      .min(1)
      .default('node')
      .describe(
        'node: each node by itself; or a label whose values are the racks or zones that fail as a whole',
      ),
    labels: z.record(z.string(), z.string()).default({}).describe('Only nodes with these labels'),
    up: durationDistribution.describe(
      'From a repair, or the start, to the next failure; its mean is the MTBF',
    ),
    down: durationDistribution.describe('How long a failure lasts; its mean is the MTTR'),
    fails: z.enum(['machine', 'kubelet']).default('machine').describe('What stops'),
  })
  .describe('Failures by chance.');

const reservedSchema = z
  .strictObject({
    cpu: cpuText.default(0).describe('CPU'),
    memory: memoryText.default(0).describe('Memory'),
    'ephemeral-storage': memoryText.default(0).describe('Disk'),
  })
  .describe(
    'Kept from the pods of nodes that name their capacity and nothing allocatable: kubeReserved and systemReserved ' +
      'together (1.37: nothing). The headroom of hard eviction thresholds is taken off as well.',
  );

export const nodeModelSchema = z
  .strictObject({
    life: z
      .enum(['simple', 'detailed'])
      .optional()
      .describe('How pods live; default: detailed, and simple when the control plane is instant'),
    run: durationDistribution
      .default('30s')
      .describe(
        'How long pods with restartPolicy Never or OnFailure run of which nothing is said (an assumption)',
      ),
    events: z
      .boolean()
      .default(true)
      .describe('Kubelets write Event objects, which load the API (life: detailed)'),
    simple: simpleSchema.prefault({}),
    steps: stepsSchema.prefault({}),
    apps: z.array(appSchema).default([]).describe('What the programs in containers do (life: detailed)'),
    images: imagesSchema.prefault({}),
    pull: pullSchema.prefault({}),
    eviction: evictionSchema.prefault({}),
    shutdown: shutdownSchema.prefault({}),
    failures: z.array(failureSchema).default([]).describe('Failures of nodes, racks and zones by chance'),
    reserved: reservedSchema.prefault({}),
    heartbeat: heartbeatSchema.prefault({}),
    client: clientSchema.prefault({}),
  })
  .describe('How nodes and kubelets behave.');

export type NodeModelSpec = z.infer<typeof nodeModelSchema>;

const durationUs = (input: DistributionInput) => distributionOf(input, parseDurationUs);

function simpleLife({ simple, run }: NodeModelSpec): SimpleLifeModel {
  return {
    kind: 'simple',
    start: durationUs(simple.start),
    ready: durationUs(simple.ready),
    terminate: durationUs(simple.terminate),
    run: durationUs(run),
    neverReady: simple.neverReady,
    nToFail: simple.fail,
    catchesUp: true,
  };
}

/** From this priority on pods are critical. */
const CRITICAL = 2_000_000_000;

/** The two groups of shutdownGracePeriod and shutdownGracePeriodCriticalPods. */
export function shutdownGroups(totalSeconds: number, criticalSeconds: number): readonly ShutdownGroup[] {
  if (totalSeconds === 0) return [];
  return [
    { priority: Number.NEGATIVE_INFINITY, graceSeconds: totalSeconds - criticalSeconds },
    { priority: CRITICAL, graceSeconds: criticalSeconds },
  ];
}

const TICKER_US = 1_000_000;

function detailedLife(spec: NodeModelSpec): DetailedLifeModel {
  const { steps, run, shutdown } = spec;
  return {
    kind: 'detailed',
    volumes: durationUs(steps.volumes),
    sandbox: durationUs(steps.sandbox),
    create: durationUs(steps.create),
    cleanup: durationUs(steps.cleanup),
    runInit: durationUs(steps.init),
    run: durationUs(run),
    apps: spec.apps.map(appSpec),
    crashBackoff: {
      initialUs: parseDurationUs(steps.crashBackoff),
      maxUs: parseDurationUs(steps.crashBackoffMax),
    },
    relistUs: parseDurationUs(steps.relist),
    tickerUs: TICKER_US,
    retryUs: parseDurationUs(steps.retry),
    resyncJitterRatio: steps.jitter,
    recordsEvents: spec.events,
    images: imageModel(spec.images),
    pull: pullModel(spec.pull),
    bandwidth: bandwidthModel(spec.pull),
    eviction: evictionModel(spec.eviction),
    shutdownGroups: shutdownGroups(shutdown.gracePeriod, shutdown.criticalPods),
  };
}

/**
 * What a scenario's `model.node` means; `{}` read through the schema gives the defaults.
 * @param otherwise the life of pods where the scenario does not say.
 */
export function nodeModel(spec: NodeModelSpec, otherwise: 'simple' | 'detailed' = 'simple'): NodeModel {
  const { heartbeat, client, failures, reserved } = spec;
  return {
    heartbeat: {
      periodUs: parseDurationUs(heartbeat.period),
      jitterRatio: heartbeat.jitter,
      hasRandomPhase: true,
      restartUs: parseDurationUs(heartbeat.restart),
    },
    client: { qps: client.qps, burst: client.burst, isPerNode: true },
    life: (spec.life ?? otherwise) === 'simple' ? simpleLife(spec) : detailedLife(spec),
    reserved: {
      cpu: parseMilli(reserved.cpu),
      memory: parseValue(reserved.memory),
      'ephemeral-storage': parseValue(reserved['ephemeral-storage']),
    },
    thresholds: evictionModel(spec.eviction).thresholds,
    failures: failures.map(({ domain, labels, up, down, fails }) => ({
      domain,
      labels,
      up: durationUs(up),
      down: durationUs(down),
      fails,
    })),
  };
}
