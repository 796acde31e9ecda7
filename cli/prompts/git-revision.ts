import { execFileSync } from 'child_process';
import { CouldNotRun } from '../system/could-not-run';

/** The files that a revision has under these paths, as paths from `cwd`. Errors: no repository, or no such revision. */
export function filesAt(revision: string, paths: readonly string[], cwd: string): string[] {
  requireRevision(revision, cwd);
  return git(['ls-tree', '-r', '-z', '--name-only', revision, '--', ...paths], cwd).split('\0').filter(file => file !== '');
}

/** The text of a file at a revision. */
export function textAt(revision: string, file: string, cwd: string): string {
  return git(['show', `${revision}:./${file}`], cwd);
}

function requireRevision(revision: string, cwd: string): void {
  // A name such as `--output=x` would be an option.
  git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], cwd, `Git knows no revision ${revision} here.`);
}

function git(args: readonly string[], cwd: string, told?: string): string {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 256 * 1024 * 1024 });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === 'ENOENT') throw new CouldNotRun('--base needs the program git, which is not found.');
    throw new CouldNotRun(told ?? `git ${args[0]} failed: ${(stderr ?? '').trim().split('\n')[0]}`);
  }
}
