/**
 * Resolved JSON as CloudFormation deploys it: pseudo parameters replaced, joins done. An attribute of any resource is given
 * as `.Name`.
 */
export function deployed(value: unknown, parameters: Record<string, string>): unknown {
  if (Array.isArray(value)) return value.map(item => deployed(item, parameters));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1) {
    const [[key, inner]] = entries;
    if (key === 'Ref' && String(inner) in parameters) return parameters[String(inner)];
    if (key === 'Fn::GetAtt') return parameters[`.${(inner as string[])[1]}`] ?? value;
    if (key === 'Fn::Join') {
      const [delimiter, parts] = inner as [string, unknown[]];
      return parts.map(part => deployed(part, parameters)).join(delimiter);
    }
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, deployed(inner, parameters)]));
}
