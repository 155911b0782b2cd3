// What `wavetank replicate` does.

import { Replicate } from '../../experiment/replicate.ts';
import { metricRows, metricsTable } from '../../report/tables/experiments.ts';
import type { ReplicateArgs } from '../commands/replicate.ts';
import { terminalTable } from '../terminal-table.ts';
import { replicationsOf } from './experiment-options.ts';
import { shownMetrics, writeRuns, writeTable } from './experiment-report.ts';
import { printedRuns } from './k8s-run.ts';
import { metricText } from './metric-text.ts';
import { openBase } from './open-base.ts';
import { conclude, runExperiment } from './session.ts';

export async function replicateScenario(args: ReplicateArgs): Promise<number> {
  const base = await openBase(args.scenario, args);
  const point = { id: base.scenario.name, labels: {}, setting: base.setting };
  const options = { seed: base.seed, ...replicationsOf(args) };
  const outcome = await runExperiment(new Replicate(point, options), (setting) => setting, args, {
    command: 'replicate',
    digests: [base.scenario.digest],
    seed: base.seed,
    folder: `results/${base.scenario.name}-replicate`,
    ...(args.from !== undefined && {
      known: printedRuns(await base.files.read(args.from), args.from, base.seed),
    }),
  });
  const { answer, folder, records } = outcome;
  writeRuns(folder, [point], records);
  const results = [{ point, intervals: answer.intervals }];
  writeTable(folder, metricsTable([point]), metricRows(results));
  const rows = shownMetrics(args.metrics, Object.keys(answer.intervals)).map((metric) => {
    const { n, mean, halfWidth, low, high } = answer.intervals[metric]!;
    const numbers = [mean, halfWidth, low, high].map((value) =>
      Number.isFinite(value) ? metricText(metric, value) : '-',
    );
    return [metric, ...numbers, String(n)];
  });
  const percent = `${args.confidence * 100} %`;
  const lines = [
    `${base.scenario.name} · ${answer.n} replications, intervals of ${percent}`,
    '',
    ...terminalTable(['metric', 'mean', '±', 'from', 'to', 'n'], rows),
    ...answer.imprecise.map(
      (metric) => `${metric} is not as precise as wanted: allow more with --max-replications`,
    ),
  ];
  return conclude(outcome, [base.scenario], lines, args.quiet);
}
