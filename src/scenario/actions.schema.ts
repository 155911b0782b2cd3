/** The actions of a timeline and their arguments. */
import { z } from 'zod';
import { kindByName } from '../kube/kinds.ts';
import { durationText, memoryText, positiveDurationText } from '../workload/notation.schema.ts';
import {
  annotationKeyText,
  labelKeyText,
  labelMap,
  labelValueText,
  objectName,
  serviceName,
} from './kube-names.schema.ts';
import { nodeTargetSchema } from './node-target.schema.ts';
import {
  EXPOSABLE,
  kindText,
  objectFields,
  ROLLED_OUT,
  SCALABLE,
  WITH_TEMPLATE,
} from './object-target.schema.ts';
import { taintSchema } from './taint.schema.ts';

const stringMap = z.record(z.string(), z.string());
const changes = (key: z.ZodString, value: z.ZodString) =>
  z.record(key, value.nullable()).refine((map) => Object.keys(map).length > 0, 'nothing is changed');
const onNodes = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject({ on: nodeTargetSchema.describe('Which nodes.'), ...shape });

const manifests = z
  .array(
    z.union([
      z.string().min(1).describe('A file, folder or glob of manifests.'),
      z.record(z.string(), z.unknown()).describe('A Kubernetes object.'),
    ]),
  )
  .min(1);

const apply = manifests.describe(
  'Creates or changes objects, as `kubectl apply` does: objects or files. What the apply before had and this one has not is taken away.',
);

const remove = z
  .strictObject({
    kind: objectFields().kind,
    name: z.string().min(1).optional().describe('Name of the object; or use selector.'),
    namespace: objectFields().namespace,
    selector: stringMap.optional().describe('All objects of the kind in the namespace with these labels.'),
    propagation: z
      .enum(['Background', 'Foreground', 'Orphan'])
      .optional()
      .describe('What becomes of dependents; default Background.'),
    gracePeriod: durationText.optional().describe("Instead of the pods' own grace period."),
  })
  .refine(({ name, selector }) => (name === undefined) !== (selector === undefined), {
    message: 'say which objects: either name or selector',
  })
  .describe('Deletes an object, or all that a selector matches.');

const scale = z
  .strictObject({
    ...objectFields(SCALABLE),
    replicas: z.int().min(0).max(1_000_000).describe('How many pods.'),
  })
  .describe('Sets the number of replicas.');

const patch = z
  .strictObject({
    ...objectFields(),
    type: z.enum(['strategic', 'merge']).optional().describe('Kind of patch; default strategic.'),
    patch: z.record(z.string(), z.unknown()).describe('The patch.'),
  })
  .describe('Patches an object.');

const setImage = z
  .strictObject({
    ...objectFields(WITH_TEMPLATE),
    images: stringMap
      .refine((map) => Object.keys(map).length > 0, 'no container is named')
      .describe('Images by container; "*" for all containers.'),
  })
  .describe('Changes images of containers, which starts a rollout.');

const rollout = z
  .strictObject({
    ...objectFields(ROLLED_OUT),
    action: z.enum(['undo', 'pause', 'resume', 'restart']).describe('What to do with the rollout.'),
    toRevision: z.int().min(1).optional().describe('For undo: the revision; default the one before.'),
  })
  .refine(({ action, toRevision }) => action === 'undo' || toRevision === undefined, {
    message: 'toRevision is for undo only',
    path: ['toRevision'],
  })
  .refine(
    ({ action, kind }) =>
      (action !== 'pause' && action !== 'resume') || kindByName(kind)?.kind === 'Deployment',
    { message: 'only the rollouts of Deployments can be paused and resumed', path: ['action'] },
  )
  .describe('`kubectl rollout`.');

const metadataOf = (what: string, key: z.ZodString, value: z.ZodString) =>
  z
    .strictObject({
      on: nodeTargetSchema.optional().describe('Which nodes; or name an object by kind and name.'),
      kind: kindText().optional().describe('Kind of the object.'),
      name: z.string().min(1).optional().describe('Name of the object.'),
      namespace: objectFields().namespace,
      set: changes(key, value).describe(`New values of ${what}; null removes one.`),
    })
    .refine(({ on, kind, name }) => (on === undefined) === (kind !== undefined && name !== undefined), {
      message: 'say of what: either on (nodes) or kind and name',
    })
    .describe(`Sets or removes ${what} of nodes or of one object.`);

const taint = onNodes({
  taints: z.array(taintSchema).optional().describe("Replaces all of the nodes' taints."),
  add: z.array(taintSchema).optional().describe('Taints to add; one of the same key and effect is replaced.'),
  remove: z.array(z.string().min(1)).optional().describe('Taints to remove, as `key` or `key:effect`.'),
})
  .refine(
    ({ taints, add, remove }) => (taints === undefined) !== (add === undefined && remove === undefined),
    {
      message: 'give either taints (all of them) or add and remove',
    },
  )
  .describe('Changes the taints of nodes.');

const drain = onNodes({
  timeout: positiveDurationText.optional().describe('Gives up after this time; default never.'),
  gracePeriod: durationText.optional().describe("Instead of the pods' own grace period."),
  force: z.boolean().optional().describe('Also deletes pods that no controller owns; default true.'),
  disableEviction: z.boolean().optional().describe('Deletes pods past their budgets; default false.'),
  podSelector: stringMap.optional().describe('Only pods with these labels.'),
  oneByOne: z.boolean().optional().describe('Begins with a node when the one before is done; default false.'),
}).describe('Cordons nodes and evicts their pods under their disruption budgets, asking again every 5 s.');

const addNodes = z
  .strictObject({
    group: z.string().min(1).describe('The node group that grows.'),
    count: z.int().min(1).max(1_000_000).describe('How many nodes join.'),
    readyAfter: durationText.optional().describe("Until they are Ready; default the group's readyAfter."),
  })
  .describe('Adds nodes to a group.');

const run = z
  .strictObject({
    name: objectName.describe('Name of the pod.'),
    namespace: objectFields().namespace,
    image: z.string().min(1).describe('Image of its container.'),
    labels: labelMap.optional().describe('Labels; default run=<name>.'),
    requests: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .describe('What it requests.'),
    restart: z.enum(['Always', 'OnFailure', 'Never']).optional().describe('Restart policy; default Always.'),
  })
  .describe('Starts one pod, as `kubectl run` does.');

const expose = z
  .strictObject({
    ...objectFields(EXPOSABLE),
    port: z.int().min(1).max(65_535).describe('Port of the service.'),
    targetPort: z
      .union([z.int().min(1).max(65_535), z.string()])
      .optional()
      .describe('Default: as port.'),
    serviceName: serviceName.optional().describe("Name of the service; default the object's name."),
  })
  .describe('Makes a Service for the pods of an object.');

const somePods = (what: string) =>
  z
    .strictObject({
      selector: stringMap.describe('Labels of the pods.'),
      namespace: z.string().min(1).optional().describe('Only in this namespace; default all.'),
      count: z.int().min(1).optional().describe('The first so many by name; default all.'),
    })
    .describe(what);

const nodes = (what: string) => nodeTargetSchema.describe(what);
const elected = ['kube-scheduler', 'kube-controller-manager'] as const;

export const actionSchemas = {
  apply,
  delete: remove,
  scale,
  patch,
  setImage,
  rollout,
  label: metadataOf('labels', labelKeyText, labelValueText),
  annotate: metadataOf('annotations', annotationKeyText, z.string()),
  taint,
  cordon: nodes('Marks nodes as unschedulable.'),
  uncordon: nodes('Takes the mark back.'),
  drain: z.union([nodeTargetSchema, drain]).describe('Drains nodes: which nodes, or `on` with options.'),
  addNodes,
  removeNodes: nodes('Takes nodes away at once, with the machine and all that runs on it.'),
  run,
  expose,
  failPods: somePods('Containers of running pods end with an error; with life: simple the pods fail.'),
  completePods: somePods('Containers of running pods end with success; with life: simple the pods succeed.'),
  unreadyPods: somePods('Running pods cease to be Ready.'),
  stopKubelet: nodes('Stops kubelets: no heartbeats and no changes of pods; containers go on.'),
  startKubelet: nodes('Starts stopped kubelets.'),
  stopRuntime: nodes('Stops container runtimes: nothing starts or stops on the nodes.'),
  startRuntime: nodes('Starts stopped container runtimes.'),
  pruneImages: nodes('Removes images that no container uses.'),
  resizeImageStore: onNodes({ size: memoryText.describe('New size of the disk for images.') }).describe(
    'Changes the size of the disk that images lie on.',
  ),
  fillDisk: onNodes({
    used: z.number().min(0).max(1).describe('Share of the disk that is then in use, from 0 to 1.'),
  }).describe('Fills the disk of nodes.'),
  shutDownNodes: nodes('Shuts machines down gracefully: pods end by priority, as far as there is time.'),
  failNodes: nodes('Machines stop: kubelet, runtime and containers.'),
  failZone: z.string().min(1).describe('All machines of a zone stop.'),
  repairNodes: nodes('Stopped machines come back, empty.'),
  repairZone: z.string().min(1).describe('All stopped machines of a zone come back.'),
  breakWatch: z
    .strictObject({
      component: z.enum([...elected, 'kubelet']).describe('Whose watch.'),
      kind: kindText().optional().describe('Of which kind of object; default all.'),
    })
    .describe('Breaks watches: the component lists again and misses nothing.'),
  killLeader: z
    .strictObject({
      component: z.enum(elected).describe('Whose leader dies; another replica takes over.'),
    })
    .describe('Kills the leading replica of a component.'),
  stopApiServer: z
    .int()
    .min(0)
    .describe('One of several API servers (`model.apiServers`) stops: its number, from 0.'),
  startApiServer: z.int().min(0).describe('A stopped API server comes back: its number, from 0.'),
  stopEtcdMembers: z.int().min(1).max(9).describe('So many members of etcd (`model.etcdMembers`) stop.'),
  startEtcdMembers: z.int().min(1).max(9).describe('So many stopped members of etcd come back.'),
};
