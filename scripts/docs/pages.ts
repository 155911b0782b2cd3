// The pages of docs/ that are made from the code.

import { tablesMarkdown } from '../../src/report/markdown.ts';
import { scenarioJsonSchema } from '../../src/scenario/scenario-json-schema.ts';
import { schemaMarkdown } from './schema-markdown.ts';

const NOTICE = '<!-- Made by `npm run docs` from the code: change it there. -->';

const SCENARIO = `# Scenario files

${NOTICE}

A scenario is one YAML or JSON file: a cluster, the work that comes to it, and what is done to both. A small one:

\`\`\`yaml
# yaml-language-server: $schema=./scenario.schema.json
cluster:
  nodeGroups:
    - {name: general, count: 3, instanceType: m5.xlarge, zones: [a, b, c]}
workload:
  - generator: jobs
    arrivals: {process: poisson, rate: 30/h}
    templates:
      - {name: small, cpu: 500m, memory: 1Gi, duration: {kind: lognormal, p50: 5m, p99: 1h}}
timeline:
  - {at: 2h, drain: general-0}
  - {at: 3h, uncordon: general-0}
until: 12h
\`\`\`

- \`wavetank schema > scenario.schema.json\` writes the schema that the first line of the example names: editors then
  complete and check the file.
- \`wavetank validate FILE\` finds every mistake at once, in the file and in all it names.
- Durations are written as in Go, with days and weeks besides (\`1h30m\`, \`250ms\`, \`2d\`); quantities as in Kubernetes
  (\`500m\`, \`2Gi\`); rates as \`48/h\`.
- Relative paths are looked for beside the scenario, then in the data folder (\`--data\` or \`WAVETANK_DATA\`). A folder
  stands for all its manifests, subfolders included; \`*\`, \`**\`, \`?\`, \`[abc]\` and \`{a,b}\` work as in a shell. Files
  ending in \`.gz\` are unpacked.
- Manifests are ordinary Kubernetes objects: several documents in a file, lists, what \`kubectl get -o json\` or
  \`helm template\` prints. Hooks and tests of Helm are left out; kinds that are not modelled are counted and named.
- Keys that are not listed here are mistakes.
- \`wavetank.io/run-duration: 5m\` as an annotation of a pod template says how long its pods run.

## Snapshots

\`\`\`sh
kubectl get -A -o json nodes,pods,deployments,replicasets,statefulsets,daemonsets,jobs,cronjobs,services,poddisruptionbudgets,priorityclasses,runtimeclasses,resourcequotas,limitranges,storageclasses,persistentvolumes,persistentvolumeclaims > now.json
\`\`\`

With \`cluster: {snapshot: [now.json]}\` the run goes on from there: pods that run stay where they are and need no start, a node
whose kubelet was lost stays lost until \`startKubelet\`, what was Pending is tried. Finished pods and Jobs and what is being
deleted belong to the past and are counted as ignored. Without the ReplicaSets of a Deployment or a class that pods name
nothing begins; controllers and claims that are missing are told in the summary, since nothing replaces their pods.
Nodes cost what the catalogue says of their instance type (the label \`node.kubernetes.io/instance-type\`, in the region of its
list, spot machines excepted) or an annotation \`wavetank.io/price-per-hour\`. Autoscalers do not act: to see what twice the
load does, scale the workloads in the \`timeline\`.

## All keys

`;

const RESULTS = `# Result files

${NOTICE}

A run writes a folder, by default \`results/<scenario>\`. It appears when it is complete and replaces the one of an
earlier run. Times in tables are in seconds of virtual time, unless a unit says otherwise; an empty field means that
there is no value.

Until then its tables grow in a hidden folder beside it, \`.<scenario>.<process>.partial\`, and are written every second: that
is what a killed run leaves. A run that is stopped, or whose memory runs short, still writes everything; summary.json then
says \`complete: false\`, and \`stopped\` says why (\`interrupted\`, \`refused action\`, \`out of memory\`).

- \`summary.json\`: the run at a glance; what the terminal shows, and more.
- \`run.json\`: what it takes to get the same bytes again: version, engine, seed, the digest of all input, the hash of all
  that happened.
- \`timing.json\`: how long the computer took; the only file that differs between two equal runs.

`;

/** File name to content. */
export function pages(): Readonly<Record<string, string>> {
  return {
    'scenario.md': SCENARIO + schemaMarkdown(scenarioJsonSchema()),
    'results.md': RESULTS + tablesMarkdown(),
  };
}
