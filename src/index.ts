/**
 * Wavetank as a library.
 *
 * @example
 * const scenario = await loadScenario('scenarios/shop.yaml', files);
 * const { metrics } = await simulate(scenario, files);
 */
export { BugError } from './base/assert.ts';
export { EnvironmentError, InputError, type Problem } from './base/errors.ts';
export type { RecordSinks } from './metrics/records.ts';
export type { RunMetrics } from './metrics/run-metrics.ts';
export type { Files } from './scenario/files.ts';
export { type LoadOptions, loadScenario } from './scenario/load-scenario.ts';
export { memoryFiles } from './scenario/memory-files.ts';
export type { Scenario } from './scenario/scenario.ts';
export { type RunProgress, type RunResult, type SimulateOptions, simulate } from './simulator/simulate.ts';
