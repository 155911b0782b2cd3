// The delays of the control plane in a scenario: `model.latency`.

import { z } from 'zod';
import { parseDurationUs } from '../base/duration.ts';
import { distributionOf, durationDistribution } from '../workload/distribution.schema.ts';
import type { LatencySpec } from './latency.ts';

export const latencySchema = z
  .strictObject({
    request: durationDistribution
      .optional()
      .describe('Network and work of the API server before the commit; 1.5 to 4.5 ms unless given.'),
    commit: durationDistribution
      .optional()
      .describe('The commit in etcd (a Raft round and an fsync); 0.5 to 1.5 ms unless given.'),
    reply: durationDistribution
      .optional()
      .describe('From the commit to the reply at the client; 0.5 to 1.5 ms unless given.'),
    watch: durationDistribution
      .optional()
      .describe('From the commit to the watchers; 0.75 to 2.25 ms unless given.'),
  })
  .describe('How long requests, commits in etcd, replies and watch events take.');

/** The delays in microseconds; what a scenario leaves open is as in `usual`. */
export function latencySpec(
  input: z.infer<typeof latencySchema> | undefined,
  usual: LatencySpec,
): LatencySpec {
  const read = (part: keyof LatencySpec) => {
    const given = input?.[part];
    return given === undefined ? usual[part] : distributionOf(given, parseDurationUs);
  };
  return { request: read('request'), commit: read('commit'), reply: read('reply'), watch: read('watch') };
}
