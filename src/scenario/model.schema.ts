/** The `model` of a scenario: how the control plane, the scheduler and the nodes behave. */
import { z } from 'zod';
import { latencySchema } from '../control-plane/latency.schema.ts';
import { nodeModelSchema } from '../node/node.schema.ts';
import { schedulerModelSchema } from '../scheduler/scheduler-model.schema.ts';
import { durationText } from '../workload/notation.schema.ts';

export const modelSchema = z
  .strictObject({
    controlPlane: z
      .enum(['calibrated', 'instant'])
      .default('calibrated')
      .describe(
        'calibrated: API calls, commits and watches take time; instant: the same steps without delays',
      ),
    latency: latencySchema.optional(),
    apiServers: z
      .strictObject({
        count: z.int().min(1).max(99).default(1).describe('How many there are.'),
        balancing: z
          .enum(['server', 'client'])
          .default('server')
          .describe(
            'A balancer in front of them, or clients that know them all and turn to the next at once.',
          ),
        healthCheck: durationText
          .default('2s')
          .describe('How long a balancer sends connections to a dead server (an assumption).'),
      })
      .optional()
      .describe('The API servers.'),
    etcdMembers: z
      .int()
      .min(1)
      .max(9)
      .default(3)
      .describe('Members of etcd: it works while more than half of them run.'),
    schedulers: z
      .int()
      .min(1)
      .max(9)
      .default(2)
      .describe('Replicas of kube-scheduler: one leads, the others take over when its lease has run out.'),
    controllerManagers: z
      .int()
      .min(1)
      .max(9)
      .default(2)
      .describe('Replicas of kube-controller-manager, in the same way.'),
    daemonSets: z
      .enum(['scheduler', 'controller'])
      .default('scheduler')
      .describe(
        'Who places the pods of DaemonSets: the scheduler, or their controller (before Kubernetes 1.12).',
      ),
    node: nodeModelSchema.optional(),
    scheduler: schedulerModelSchema.optional(),
  })
  .describe('How the control plane, the scheduler and the nodes behave.');

export type ModelSpec = z.infer<typeof modelSchema>;
