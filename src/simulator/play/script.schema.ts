/**
 * The scripts of recorded timelines: nodes, stand-in kubelets, and what is done to the cluster at which time. The format
 * is that of the program which records a real control plane, so that both play the same script.
 */
import { z } from 'zod';
import { taintSchema } from '../../scenario/taint.schema.ts';
import { durationText } from '../../workload/notation.schema.ts';

const stringMap = z.record(z.string(), z.string());
const name = z.string().min(1);
const amount = z.union([z.string(), z.number()]);

const nodeGroup = z.strictObject({
  count: z.int().min(1),
  /** Names are the prefix and an index from 0. */
  prefix: z.string().min(1),
  cpu: amount,
  memory: amount,
  pods: amount,
  labels: stringMap.optional(),
  /** Node i is in zone i mod n. */
  zones: z.array(name).optional(),
  taints: z.array(taintSchema).optional(),
});

/** All in seconds; see the kubelets that stand in for real ones. */
const kubelet = z.strictObject({
  startSeconds: z.number().min(0).optional(),
  readySeconds: z.number().min(0).optional(),
  terminateSeconds: z.number().min(0).optional(),
  runSeconds: z.number().min(0).optional(),
  fail: z.record(z.string(), z.int().min(0)).optional(),
  neverReady: z.array(name).optional(),
});

const somePods = z.strictObject({
  /** `app=web,tier=front`. */
  selector: z
    .string()
    .regex(/^[^=,!\s]+==?[^=,!\s]*(,[^=,!\s]+==?[^=,!\s]*)*$/, 'expected labels such as app=web'),
  /** 0: all. */
  count: z.int().min(0).optional(),
});

const step = z.strictObject({
  at: durationText,
  apply: z.array(z.record(z.string(), z.unknown())).optional(),
  patch: z
    .strictObject({
      kind: name,
      name,
      namespace: name.optional(),
      patch: z.record(z.string(), z.unknown()),
    })
    .optional(),
  delete: z.strictObject({ kind: name, name, namespace: name.optional() }).optional(),
  stopKubelet: name.optional(),
  startKubelet: name.optional(),
  taint: z.strictObject({ node: name, taints: z.array(taintSchema) }).optional(),
  cordon: name.optional(),
  uncordon: name.optional(),
  addNodes: nodeGroup.optional(),
  drain: name.optional(),
  failPods: somePods.optional(),
  completePods: somePods.optional(),
  unreadyPods: somePods.optional(),
});

export const scriptSchema = z.strictObject({
  name,
  about: z.string().optional(),
  nodes: z.array(nodeGroup).default([]),
  kubelet: kubelet.default({}),
  steps: z.array(step).default([]),
  duration: durationText,
  /** Seconds that two runs of the script may differ. */
  tolerance: z.number().min(0).optional(),
});

export type Script = z.infer<typeof scriptSchema>;
export type ScriptStep = z.infer<typeof step>;
export type ScriptNodes = z.infer<typeof nodeGroup>;
