import { maskedBy } from './data-protection-document.ts';
import type { LogEvent } from './state.ts';

/**
 * Rough matchers for the identifiers that need no keyword and a few that do: enough to see masking at work, not a
 * model of what AWS detects.
 */
const matchers: Readonly<Record<string, RegExp>> = {
  EmailAddress: /[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}/g,
  IpAddress: /\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b/g,
  CreditCardNumber: /\b(?:[0-9][ -]?){12,15}[0-9]\b/g,
  'Ssn-US': /\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b/g,
  'PhoneNumber-US': /(?:\+1[ .-]?)?\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}\b/g,
  AwsSecretKey: /\b[A-Za-z0-9/+]{40}\b/g,
  OpenSshPrivateKey: /-----BEGIN OPENSSH PRIVATE KEY-----[\s\S]*?-----END OPENSSH PRIVATE KEY-----/g,
  PgpPrivateKey: /-----BEGIN PGP PRIVATE KEY BLOCK-----[\s\S]*?-----END PGP PRIVATE KEY BLOCK-----/g,
  PkcsPrivateKey: /-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]*?-----END (?:RSA )?PRIVATE KEY-----/g,
};

/** An event as every reader without `logs:Unmask` sees it: by the policies at its ingestion, asterisks for what matched. */
export function masked(event: LogEvent): string {
  const policies = [event.masking, event.accountMasking].filter((one) => one !== undefined);
  const patterns = policies.flatMap(maskedBy).flatMap(({ name, regex }) => {
    const pattern = regex === undefined ? matchers[name] : new RegExp(regex, 'g');
    return pattern ? [pattern] : [];
  });
  return patterns.reduce((text, pattern) => text.replace(pattern, (found) => '*'.repeat(found.length)), event.message);
}
