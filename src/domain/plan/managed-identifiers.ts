import managed from '../managed-data-identifiers.json' with { type: 'json' };

/** A managed data identifier of CloudWatch Logs; `name` carries the country suffix, as in `Ssn-US`. */
interface ManagedIdentifier {
  readonly name: string;
  readonly category: string;
  readonly country?: string;
}

const catalogue: readonly ManagedIdentifier[] = managed;
const names: ReadonlySet<string> = new Set(catalogue.map((identifier) => identifier.name));

/** Whether this release knows the name. AWS decides: it may know more. */
export function isListed(name: string): boolean {
  return names.has(name);
}

/**
 * The members of the categories. `countries` narrows only those that exist per country; absent means all of them.
 */
export function inCategories(categories: readonly string[], countries: readonly string[] | undefined): string[] {
  return catalogue
    .filter(({ category }) => categories.includes(category))
    .filter(({ country }) => country === undefined || countries === undefined || countries.includes(country))
    .map(({ name }) => name);
}

/** Documented form: `arn:<partition>:dataprotection::aws:data-identifier/<Name>[-<Country>]`. */
export function identifierARN(partition: string, name: string): string {
  return `arn:${partition}:dataprotection::aws:data-identifier/${name}`;
}
