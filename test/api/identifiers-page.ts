import identifiers from '#src/domain/managed-data-identifiers.json' with { type: 'json' };

/** Categories as `dataProtection.categories` has them, with AWS's words for what they hold. */
const categories: Readonly<Record<string, string>> = {
  Credentials: 'Keys and secrets.',
  Device: 'What tells one device from others.',
  Financial: 'Accounts and cards.',
  PHI: 'Protected health information.',
  PII: 'What tells who a person is.',
};

/** docs/identifiers.md, from the list that this release expands categories by. */
export function identifiersPage(): string {
  return `# Data identifiers

Written from \`src/domain/managed-data-identifiers.json\` by \`test/api/reference.test.ts\`.

What \`dataProtection.identifiers\` can name, and what \`categories\` stands for in this release: the ${identifiers.length} managed data
identifiers of CloudWatch Logs. The ending is the country where there is one; \`countries\` keeps only those of some countries, and those
without one. A name that is not here is sent as it is: AWS decides, and the condition says \`UnlistedIdentifier\`.

Most identifiers match only with a keyword within 30 characters ("What sensitive data can be protected", CloudWatch Logs user guide): a
number alone is no social security number. \`EmailAddress\`, \`IpAddress\`, \`Name\`, \`Address\`, \`PostalCode\` and private
keys need none.
${Object.entries(categories)
  .map(([category, means]) => section(category, means))
  .join('')}`;
}

function section(category: string, means: string): string {
  const names = identifiers.filter((one) => one.category === category).map(({ name }) => name);
  const byBase = Map.groupBy(names, (name) => name.replace(/-[A-Z]{2}$/, ''));
  const rows = [...byBase].map(([base, all]) => `| ${base} | ${all.map((name) => `\`${name}\``).join(' ')} |`);
  return `\n## ${category}\n\n${means}\n\n| | Identifiers |\n|---|---|\n${rows.join('\n')}\n`;
}
