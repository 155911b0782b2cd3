// The `model.node` of a scenario: how nodes and their kubelets behave, and what they come down to in microseconds.

import { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import {
  type DistributionInput,
  distributionOf,
  durationDistribution,
} from '../workload/distribution.schema.ts';
import { durationText, positiveDurationText } from '../workload/notation.schema.ts';
import type { NodeModel } from './node-model.ts';

const simpleSchema = z
  .strictObject({
    start: durationDistribution.default('0s').describe('From the binding of a pod to Running'),
    ready: durationDistribution.default('0s').describe('From Running to Ready'),
    terminate: durationDistribution.default('0s').describe('From the deletion of a pod until it is gone'),
    run: durationDistribution
      .optional()
      .describe('How long pods with restartPolicy Never or OnFailure run that do not say; default: forever'),
    neverReady: z.array(z.string()).default([]).describe('Images whose pods never become Ready'),
    fail: z
      .record(z.string(), z.int().min(0))
      .default({})
      .describe('By the label app: how many of the pods that finish first fail instead of succeeding'),
  })
  .describe('Life of a pod by four delays, without images, containers and probes');

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
      .describe(
        'How long a kubelet that is started again takes to renew its lease and report its node Ready',
      ),
  })
  .describe("The nodes' sign of life.");

const clientSchema = z
  .strictObject({
    qps: z.number().positive().default(50).describe('Requests per second of one kubelet (kubeAPIQPS, 1.37)'),
    burst: z.int().min(1).default(100).describe('Burst of one kubelet (kubeAPIBurst, 1.37)'),
  })
  .describe('How fast a kubelet may write to the API; its lease has a client without limits.');

export const nodeModelSchema = z
  .strictObject({
    simple: simpleSchema.prefault({}),
    heartbeat: heartbeatSchema.prefault({}),
    client: clientSchema.prefault({}),
  })
  .describe('How nodes and kubelets behave.');

export type NodeModelSpec = z.infer<typeof nodeModelSchema>;

const durationUs = (input: DistributionInput) => distributionOf(input, parseDurationUs);

/** What a scenario's `model.node` means; `{}` read through the schema gives the defaults. */
export function nodeModel(spec: NodeModelSpec): NodeModel {
  const { simple, heartbeat, client } = spec;
  return {
    heartbeat: {
      periodUs: parseDurationUs(heartbeat.period),
      jitterRatio: heartbeat.jitter,
      hasRandomPhase: true,
      restartUs: parseDurationUs(heartbeat.restart),
    },
    client: { qps: client.qps, burst: client.burst, isPerNode: true },
    life: {
      kind: 'simple',
      start: durationUs(simple.start),
      ready: durationUs(simple.ready),
      terminate: durationUs(simple.terminate),
      run: simple.run === undefined ? undefined : durationUs(simple.run),
      neverReady: simple.neverReady,
      nToFail: simple.fail,
      catchesUp: true,
    },
    failures: [],
  };
}
