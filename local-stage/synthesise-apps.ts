/**
 * Synthesises apps in this process, so that the CDK's library is loaded once. Takes pairs of an app's file and its folder; returns
 * whether no app had a finding: with one the CDK sets the exit code, and goes on.
 */
export async function synthesiseApps(apps: readonly string[]): Promise<boolean> {
  for (let index = 0; index < apps.length; index += 2) {
    process.env.CDK_OUTDIR = apps[index + 1];
    await import(apps[index]);
    if (process.exitCode) return false;
  }
  delete process.env.CDK_OUTDIR;
  return true;
}
