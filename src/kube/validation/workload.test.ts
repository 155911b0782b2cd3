import { expect, test } from 'vitest';
import { type Case, made, problemsOf } from './testing.ts';

const spec = (content: object) => ({ spec: content });
const rolling = (rollingUpdate: object, type = 'RollingUpdate') =>
  spec({ strategy: { type, rollingUpdate } });
const daemon = (rollingUpdate: object) => spec({ updateStrategy: { rollingUpdate } });
const template = (content: object) => spec({ template: { spec: content } });

const workloads: Case[] = [
  ['no selector', 'Deployment', spec({ selector: null }), 'spec.selector: Required value'],
  [
    'an empty selector',
    'Deployment',
    spec({ selector: { matchLabels: null } }),
    'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
  ],
  [
    'a selector of other pods',
    'ReplicaSet',
    spec({ selector: { matchLabels: { app: 'b' } } }),
    'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
  ],
  [
    'no template',
    'Deployment',
    spec({ template: null }),
    'spec.template.metadata.labels: Invalid',
    'spec.template: Required value',
  ],
  ['no spec', 'DaemonSet', { spec: null }, 'spec: Required value'],
  [
    'a negative number of replicas',
    'StatefulSet',
    spec({ replicas: -1 }),
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'replicas in quotes',
    'Deployment',
    spec({ replicas: '3' }),
    'spec.replicas: expected an integer, found "3"',
  ],
  [
    'a mistake in the template',
    'Deployment',
    template({ containers: [] }),
    'spec.template.spec.containers: Required value',
  ],
  [
    'a template that ends',
    'ReplicaSet',
    template({ restartPolicy: 'Never' }),
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ],
  [
    'a template with a deadline',
    'Deployment',
    template({ activeDeadlineSeconds: 5 }),
    'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in Deployment is not Supported',
  ],
  [
    'neither surge nor unavailable',
    'Deployment',
    rolling({ maxSurge: 0, maxUnavailable: '0%' }),
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0',
  ],
  ['only unavailable is 0', 'Deployment', rolling({ maxUnavailable: 0 })],
  [
    'a percentage above 100',
    'Deployment',
    rolling({ maxUnavailable: '101%' }),
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  ],
  ['surge above 100 %', 'Deployment', rolling({ maxSurge: '200%' })],
  [
    'a percentage without sign',
    'Deployment',
    rolling({ maxSurge: '25' }),
    'spec.strategy.rollingUpdate.maxSurge: Invalid value: "25": a valid percent string',
  ],
  [
    'Recreate with rolling parameters',
    'Deployment',
    rolling({ maxSurge: 1 }, 'Recreate'),
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ],
  [
    'a deadline before pods count as ready',
    'Deployment',
    spec({ minReadySeconds: 600 }),
    'spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds',
  ],
  [
    'surge of a DaemonSet beside the default',
    'DaemonSet',
    daemon({ maxSurge: 1 }),
    'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero',
  ],
  ['surge of a DaemonSet instead of unavailable', 'DaemonSet', daemon({ maxSurge: 1, maxUnavailable: 0 })],
  [
    'nothing may move in a DaemonSet',
    'DaemonSet',
    daemon({ maxUnavailable: 0 }),
    'spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0',
  ],
  [
    'an unknown management policy',
    'StatefulSet',
    spec({ podManagementPolicy: 'Random' }),
    'spec.podManagementPolicy: Unsupported value: "Random"',
  ],
  [
    'a negative partition',
    'StatefulSet',
    spec({ updateStrategy: { rollingUpdate: { partition: -1 } } }),
    'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1',
  ],
  [
    'OnDelete with rolling parameters',
    'StatefulSet',
    spec({ updateStrategy: { type: 'OnDelete', rollingUpdate: {} } }),
    'spec.updateStrategy.rollingUpdate: Invalid value: {}: only allowed',
  ],
  [
    'a claim without size',
    'StatefulSet',
    spec({ volumeClaimTemplates: [{ metadata: { name: 'd' }, spec: { accessModes: ['ReadWriteOnce'] } }] }),
    'spec.volumeClaimTemplates[0].spec.resources.requests.storage: Required value',
  ],
  [
    'a controller without labels',
    'ReplicationController',
    spec({ template: { metadata: null } }),
    'spec.selector: Required value',
  ],
];

const indexed = { completionMode: 'Indexed', completions: 3 };
const jobs: Case[] = [
  [
    'a Job that restarts for ever',
    'Job',
    template({ restartPolicy: null }),
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    'indexes without number',
    'Job',
    spec({ completionMode: 'Indexed' }),
    'spec.completions: Required value: when completion mode is Indexed',
  ],
  [
    'a limit per index without indexes',
    'Job',
    spec({ backoffLimitPerIndex: 1 }),
    'spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode',
  ],
  ['a limit per index', 'Job', spec({ ...indexed, backoffLimitPerIndex: 1, maxFailedIndexes: 2 })],
  [
    'a number of failed indexes alone',
    'Job',
    spec({ ...indexed, maxFailedIndexes: 2 }),
    'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
  ],
  [
    'a failure policy with restarts',
    'Job',
    spec({ template: { spec: { restartPolicy: 'OnFailure' } }, podFailurePolicy: { rules: [] } }),
    'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported',
  ],
  [
    'a rule without condition',
    'Job',
    spec({ podFailurePolicy: { rules: [{ action: 'Ignore' }] } }),
    'spec.podFailurePolicy.rules[0]: Invalid value: "Ignore": specifying one of',
  ],
  [
    'exit code 0 as a failure',
    'Job',
    spec({
      podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [0] } }] },
    }),
    'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: 0: must not be 0',
  ],
  ['a negative back-off limit', 'Job', spec({ backoffLimit: -1 }), 'spec.backoffLimit: Invalid value: -1'],
  ['no schedule', 'CronJob', spec({ schedule: '' }), 'spec.schedule: Required value'],
  [
    'a schedule of four fields',
    'CronJob',
    spec({ schedule: '* * * *' }),
    'spec.schedule: Invalid value: "* * * *": expected exactly 5 fields, found 4',
  ],
  [
    'a zone in the schedule',
    'CronJob',
    spec({ schedule: 'TZ=UTC 0 0 * * *' }),
    'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule',
  ],
  [
    'an unknown zone',
    'CronJob',
    spec({ timeZone: 'Mars/Base' }),
    'spec.timeZone: Invalid value: "Mars/Base": unknown time zone',
  ],
  ['a known zone', 'CronJob', spec({ timeZone: 'Europe/Berlin' })],
  [
    'an unknown concurrency policy',
    'CronJob',
    spec({ concurrencyPolicy: 'Queue' }),
    'spec.concurrencyPolicy: Unsupported value: "Queue"',
  ],
  [
    'a mistake in the Job',
    'CronJob',
    spec({ jobTemplate: { spec: { parallelism: -1 } } }),
    'spec.jobTemplate.spec.parallelism: Invalid value: -1',
  ],
];

test.each([...workloads, ...jobs])('%s (%s)', (_, kind, patch, ...expected) => {
  const found = problemsOf(made(kind, patch));
  expect(found.map((problem, i) => problem.slice(0, expected[i]?.length))).toEqual(expected);
});
