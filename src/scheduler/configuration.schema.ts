/**
 * A KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1) as users write it: its structure. Which plugins there
 * are and what arguments they take is checked in configuration.ts.
 * Source: kubernetes v1.37.2 staging kube-scheduler/config/v1/types.go, pkg/scheduler/apis/config/validation.
 */
import { z } from 'zod';

const INT32_MAX = 2_147_483_647;

const percentageOfNodesToScore = z
  .int()
  .min(0, 'not in valid range [0-100]')
  .max(100, 'not in valid range [0-100]')
  .describe('How many percent of the nodes must be found feasible before the search ends; 0 = adaptive');

const pluginName = z.string().min(1).describe('Name of the plugin');

const enabledPlugin = z.strictObject({
  name: pluginName,
  weight: z
    .int()
    .min(0, 'a weight must not be negative')
    .max(INT32_MAX, 'a weight must fit into 32 bits')
    .optional()
    .describe('Weight of the score; 0 counts as 1'),
});

const pluginSet = z
  .strictObject({
    enabled: z.array(enabledPlugin).default([]).describe('Plugins to be called after the default ones'),
    disabled: z
      .array(z.strictObject({ name: pluginName, weight: z.int().optional().describe('Not looked at') }))
      .default([])
      .describe('Default plugins to be left out; "*" for all of them'),
  })
  .default({ enabled: [], disabled: [] })
  .describe('Plugins at this extension point');

const plugins = z
  .strictObject({
    preEnqueue: pluginSet,
    queueSort: pluginSet,
    preFilter: pluginSet,
    filter: pluginSet,
    postFilter: pluginSet,
    preScore: pluginSet,
    score: pluginSet,
    reserve: pluginSet,
    permit: pluginSet,
    preBind: pluginSet,
    bind: pluginSet,
    postBind: pluginSet,
    multiPoint: pluginSet.describe('Plugins for all extension points that they implement'),
  })
  .describe('Plugins by extension point');

const profile = z.strictObject({
  schedulerName: z
    .string()
    .min(1)
    .optional()
    .describe('Pods with this spec.schedulerName use the profile; default-scheduler if there is one profile'),
  percentageOfNodesToScore: percentageOfNodesToScore.optional(),
  plugins: plugins.optional(),
  pluginConfig: z
    .array(
      z.strictObject({
        name: pluginName,
        args: z.record(z.string(), z.unknown()).default({}).describe('Its arguments'),
      }),
    )
    .default([])
    .describe('Arguments of plugins'),
});

export const kubeSchedulerConfiguration = z
  .strictObject({
    apiVersion: z.literal('kubescheduler.config.k8s.io/v1').optional(),
    kind: z.literal('KubeSchedulerConfiguration').optional(),
    parallelism: z
      .int()
      .min(1, 'should be an integer value greater than zero')
      .default(16)
      .describe('Workers that filter and score nodes; counts for how long a scheduling cycle takes'),
    percentageOfNodesToScore: percentageOfNodesToScore.default(0),
    podInitialBackoffSeconds: z
      .int()
      .min(1, 'must be greater than 0')
      .default(1)
      .describe('Wait of a pod after its first failed attempt; doubles with each further one'),
    podMaxBackoffSeconds: z.int().default(10).describe('Longest wait of a pod after a failed attempt'),
    profiles: z.array(profile).default([]).describe('Schedulers by name'),
    clientConnection: z
      .looseObject({
        qps: z.number().optional().describe('Requests per second; default 50'),
        burst: z.int().optional().describe('Default 100'),
      })
      .optional()
      .describe('How fast the scheduler may send requests'),
    leaderElection: z.looseObject({}).optional().describe('Not looked at'),
    enableProfiling: z.boolean().optional().describe('Not looked at'),
    enableContentionProfiling: z.boolean().optional().describe('Not looked at'),
    delayCacheUntilActive: z.boolean().optional().describe('Not looked at'),
    extenders: z
      .array(z.unknown())
      .max(0, 'extenders are not modelled')
      .optional()
      .describe('Not modelled: must be empty'),
  })
  .describe('KubeSchedulerConfiguration of kube-scheduler');

export type KubeSchedulerConfiguration = z.infer<typeof kubeSchedulerConfiguration>;
export type ProfileSpec = KubeSchedulerConfiguration['profiles'][number];
export type PluginSets = NonNullable<ProfileSpec['plugins']>;
export type PluginSet = PluginSets['multiPoint'];
