/**
 * The queueing hints of every plugin that has some, by plugin. One that is not here is taken to care for every event.
 */
import type { HintTable } from '../queueing-hints.ts';

export const HINT_TABLES: Readonly<Record<string, HintTable>> = {};
