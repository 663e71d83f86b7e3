import { endAllCommands } from '../util/process.ts';
import { exitCodes } from './exit-codes.ts';

/** How long an orderly end may take before it is cut short, in milliseconds. */
const graceMs = 4000;

/** A signal that fires on the first Ctrl-C (or SIGTERM); a second one, or four seconds, end the process outright. */
export function stopOnInterrupt(): AbortSignal {
  const stop = new AbortController();
  const end = () => {
    endAllCommands();
    process.exit(exitCodes.stopped);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) end();
      stop.abort();
      setTimeout(end, graceMs).unref();
    });
  }
  return stop.signal;
}
