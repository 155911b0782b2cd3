// Colours of this terminal: none where the output is no terminal or NO_COLOR is set.

import pc from 'picocolors';
import type { Painter } from '../report/painter.ts';

export function painterOf(stream: NodeJS.WriteStream): Painter {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return pc.createColors((isForced || stream.isTTY === true) && !NO_COLOR);
}
