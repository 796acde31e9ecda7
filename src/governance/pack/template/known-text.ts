import { AppModel } from './app-model';
import { TemplateResource } from './template';
import { UNKNOWN } from '../../../contract/iam/patterns';

/** The one text that a value stands for; the value as it is written when there are several, or none is known. */
export function knownText(resource: TemplateResource, value: unknown, app: AppModel): unknown {
  if (typeof value === 'string' && !value.includes('{{')) return value;
  const [text, ...others] = app.texts(resource, value);
  return text === undefined || others.length > 0 || text.includes(UNKNOWN) ? value : text;
}
