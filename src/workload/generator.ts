// Pods made by chance, in an open or a closed loop.

import type { RandomStreams } from '../sim/random-streams.ts';
import { ClosedLoop } from './closed-loop.ts';
import type { GeneratorSpec } from './generator.schema.ts';
import { OpenLoop } from './open-loop.ts';
import type { WorkloadSource } from './source.ts';

/** The source that a generator entry of a scenario describes. */
export function openGenerator(spec: GeneratorSpec, streams: RandomStreams): WorkloadSource {
  const { arrivals } = spec;
  return arrivals.process === 'closed'
    ? new ClosedLoop(spec, arrivals, streams)
    : new OpenLoop(spec, arrivals, streams);
}
