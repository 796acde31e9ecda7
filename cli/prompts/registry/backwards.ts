import { Deployment, Release } from '../../../src/contract/prompts/statements';
import { mapAtOnce } from '../../system/at-once';

/** So many copies are read at once, at most; the first time a few: mostly the last deployments are enough. */
const FEW = 8;
const MANY = 64;

/** A version that serves, or served, and what would serve if it were rolled back. */
export interface Standing {
  readonly release: Release;
  below(): Promise<Standing | undefined>;
}

/** The locked history of a prompt in an environment up to one deployment, read from its end, and no further than somebody asks. */
export class HistoryBackwards {
  private readonly copies = new Map<number, Deployment | undefined>();
  private readonly stood = new Map<number, Promise<Standing | undefined>>();
  private atOnce = FEW;

  constructor(
    private readonly last: number, private readonly tryCopy: (sequence: number) => Promise<Deployment | undefined>,
  ) {}

  /** The newest deployment that is so; undefined when none is. */
  public async findLast(isIt: (deployment: Deployment) => boolean): Promise<Deployment | undefined> {
    for (let sequence = this.last; sequence >= 1; sequence--) {
      const copy = await this.at(sequence);
      if (copy && isIt(copy)) return copy;
    }
    return undefined;
  }

  /** The versions that served and were not rolled back: the one that serves, with the others below it. */
  public standing(): Promise<Standing | undefined> {
    return this.standingAt(this.last);
  }

  private standingAt(sequence: number): Promise<Standing | undefined> {
    const known = this.stood.get(sequence);
    if (known) return known;
    const made = this.newStanding(sequence);
    this.stood.set(sequence, made);
    return made;
  }

  private async newStanding(sequence: number): Promise<Standing | undefined> {
    let at = sequence;
    let copy = await this.at(at);
    while (!copy && at > 1) copy = await this.at(--at);
    if (!copy) return undefined;
    const { active, reason } = copy;
    const before = at - 1;
    let below: Promise<Standing | undefined> | undefined;
    return { release: active, below: () => below ??= this.belowOf(active.version, before, reason !== undefined) };
  }

  /** A rollback takes away whatever stands over the version that it goes back to. */
  private async belowOf(version: string, before: number, isRollback: boolean): Promise<Standing | undefined> {
    const top = await this.standingAt(before);
    let found = top;
    while (isRollback && found && found.release.version !== version) found = await found.below();
    return found?.release.version === version ? found.below() : top;
  }

  private async at(sequence: number): Promise<Deployment | undefined> {
    if (sequence < 1) return undefined;
    if (!this.copies.has(sequence)) {
      const wanted = Array.from({ length: Math.min(this.atOnce, sequence) }, (_, index) => sequence - index);
      const read = await mapAtOnce(wanted, MANY, this.tryCopy);
      wanted.forEach((one, index) => this.copies.set(one, read[index]));
      this.atOnce = Math.min(MANY * 4, this.atOnce * 2);
    }
    return this.copies.get(sequence);
  }
}
