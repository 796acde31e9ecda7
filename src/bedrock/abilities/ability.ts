import { ModelLocation } from '../../contract/model-reference';
import { TeachingErrors } from '../../standards/teaching-error';

/** What an ability depends on besides its own details. */
export interface AbilityContext {
  /** Where requests are made: the stack's own Region first, then the fallback Region, if any. */
  readonly sources: readonly ModelLocation[];
  /** The environment that the role is deployed to, where `Standards` name it. */
  readonly environment?: string;
  /** Whether that is the production environment, as far as it is known at synth. */
  readonly isProduction: boolean;
  /** Whose jobs the role makes, reads and stops: the value of their tag. */
  readonly jobOwner: string;
  readonly fault: TeachingErrors;
}
