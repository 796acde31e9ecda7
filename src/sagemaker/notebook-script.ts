import { NOTEBOOK_WATCHER } from './notebook-watcher';

/** What the watcher of a notebook instance is told. Names that only the deployment knows may be in it. */
export interface WatcherSettings {
  readonly endpoint: string;
  /** The configuration to make a missing endpoint of; undefined where it is not made. */
  readonly config?: string;
  readonly idleMinutes: number;
  readonly failures: readonly { readonly kind: string; readonly marks: readonly string[] }[];
  /** What to do, by the kind of the status. */
  readonly advice: Readonly<Record<string, string>>;
  /** Code for the status notebook. */
  readonly cells: readonly string[];
}

/** One look that hangs or fails is not the last one. */
const LOOP = `while :; do
  timeout 240 python3 "$1/watch.py" || echo "a look failed: $?"
  sleep 60
done
`;

/**
 * The script that SageMaker runs at each start. It ends at once: what takes time is done by a loop that it leaves behind.
 *
 * There is none for the creation alone: all but the user's folder is new at each start.
 */
export function onStartScript(settings: WatcherSettings): string {
  return `#!/bin/bash
# From cdk-plumbline's ModelNotebook. Root runs it at each start, and SageMaker gives it five minutes: a loop of its own does the work.
set -euo pipefail

home=/opt/plumbline
mkdir -p "$home"
cat > "$home/settings.json" <<'SETTINGS'
${JSON.stringify(settings)}
SETTINGS
cat > "$home/watch.py" <<'WATCHER'
${NOTEBOOK_WATCHER}WATCHER
cat > "$home/loop.sh" <<'LOOP'
${LOOP}LOOP

# A start that is played again takes the place of the one before.
before=$(cat "$home/loop.pid" 2>/dev/null || true)
if [[ -n "$before" ]] && grep -qs "$home" "/proc/$before/cmdline"; then
  kill -- "-$before" || true
fi
rm -f "$home/state.json"

# As root no program is taken from a folder that the user can write.
cd /
export PATH="$PATH:/usr/local/bin:/usr/bin:/bin" AWS_PAGER=''
nohup setsid bash "$home/loop.sh" "$home" > "$home/watch.log" 2>&1 < /dev/null &
echo "$!" > "$home/loop.pid"
`;
}
