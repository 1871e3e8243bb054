import type { JsonObject } from '#src/domain/json.ts';
import { array, check, integer, oneOf, required, string, structure } from './constraints.ts';
import { AwsError, invalidParameter, resourceNotFound } from './errors.ts';
import { logGroupName } from './log-groups.ts';
import { list, number, objects, text, texts } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import { page } from './paging.ts';
import type { QueryDefinition } from './state.ts';

const languages = ['CWLI', 'SQL', 'PPL'];

/** AWS does not say for how long it knows a client token; a network error is over by then. */
const tokenLifeMs = 10 * 60 * 1000;

const putQueryDefinition: Operation = {
  service: 'logs',
  name: 'PutQueryDefinition',
  mutates: true,
  permissions: () => [{ action: 'logs:PutQueryDefinition', resource: '*' }],
  run(input, scope) {
    check(
      input,
      {
        queryLanguage: oneOf(languages),
        name: required(string(1, 255)),
        queryDefinitionId: string(0, 256),
        logGroupNames: array(0, 50, logGroupName),
        queryString: required(string(1, 10_000)),
        clientToken: string(36, 128, /^\S{36,128}$/),
        parameters: array(
          0,
          20,
          structure({
            name: required(string(1, 255, /^[A-Za-z_]\w*$/)),
            defaultValue: string(),
            description: string(),
          }),
        ),
      },
      invalidParameter,
    );
    const name = text(input, 'name') ?? '';
    if (/[:*]/.test(name) || name.startsWith('/') || name.endsWith('/')) {
      throw invalidParameter(`Query definition name is not valid: ${name}`);
    }
    // "Query parameters are supported only for Logs Insights QL queries" (PutQueryDefinition, API reference).
    if ((text(input, 'queryLanguage') ?? 'CWLI') !== 'CWLI' && objects(input, 'parameters').length > 0) {
      throw invalidParameter('Query parameters are supported only for Logs Insights QL queries.');
    }
    const repeated = repeat(input, scope);
    if (repeated !== undefined) return { queryDefinitionId: repeated };

    const givenID = text(input, 'queryDefinitionId');
    const definitions = scope.region.queryDefinitions;
    if (givenID !== undefined && !definitions.has(givenID)) {
      throw resourceNotFound('The specified query definition does not exist.');
    }
    if (givenID === undefined && definitions.size >= scope.countLimit('QueryDefinitions')) {
      throw new AwsError('LimitExceededException', 'Query definition limit exceeded.');
    }
    const id = givenID ?? generatedID(scope);
    scope.changing(definitions, id);
    // A full replace: what an update leaves out is cleared, and two definitions may share a name.
    definitions.set(id, {
      queryDefinitionId: id,
      name,
      queryString: text(input, 'queryString') ?? '',
      queryLanguage: text(input, 'queryLanguage') ?? 'CWLI',
      logGroupNames: list(input, 'logGroupNames') === undefined ? undefined : [...texts(input, 'logGroupNames')],
      parameters: input['parameters'],
      lastModified: scope.now,
    });
    remember(input, id, scope);
    return { queryDefinitionId: id };
  },
};

const describeQueryDefinitions: Operation = {
  service: 'logs',
  name: 'DescribeQueryDefinitions',
  mutates: false,
  permissions: () => [{ action: 'logs:DescribeQueryDefinitions', resource: '*' }],
  run(input, scope) {
    check(
      input,
      {
        queryLanguage: oneOf(languages),
        queryDefinitionNamePrefix: string(1, 255),
        maxResults: integer(1, 1000),
        nextToken: string(1),
      },
      invalidParameter,
    );
    const prefix = text(input, 'queryDefinitionNamePrefix') ?? '';
    const language = text(input, 'queryLanguage');
    const found = [...scope.seen(scope.region.queryDefinitions).values()]
      .filter((one) => one.name.startsWith(prefix))
      .filter((one) => language === undefined || one.queryLanguage === language)
      .sort((a, b) => (a.name === b.name ? order(a.queryDefinitionId, b.queryDefinitionId) : order(a.name, b.name)));
    const { items, nextToken } = page(found, number(input, 'maxResults') ?? 1000, text(input, 'nextToken'), () =>
      invalidParameter('The specified nextToken is invalid.'),
    );
    return { queryDefinitions: items.map(described), ...(nextToken !== undefined && { nextToken }) };
  },
};

const deleteQueryDefinition: Operation = {
  service: 'logs',
  name: 'DeleteQueryDefinition',
  mutates: true,
  permissions: () => [{ action: 'logs:DeleteQueryDefinition', resource: '*' }],
  run(input, scope) {
    check(input, { queryDefinitionId: required(string(0, 256)) }, invalidParameter);
    const id = text(input, 'queryDefinitionId') ?? '';
    if (!scope.region.queryDefinitions.has(id)) {
      throw resourceNotFound('The specified query definition does not exist.');
    }
    scope.changing(scope.region.queryDefinitions, id);
    scope.region.queryDefinitions.delete(id);
    return { success: true };
  },
};

export const queryDefinitionOperations: readonly Operation[] = [
  putQueryDefinition,
  describeQueryDefinitions,
  deleteQueryDefinition,
];

function described(one: QueryDefinition): JsonObject {
  return {
    queryLanguage: one.queryLanguage,
    queryDefinitionId: one.queryDefinitionId,
    name: one.name,
    queryString: one.queryString,
    lastModified: one.lastModified,
    // Absent and empty read alike.
    logGroupNames: one.logGroupNames ?? [],
    ...(one.parameters !== undefined && { parameters: one.parameters }),
  };
}

/**
 * The ID of an earlier, equal request with this client token, as long as the definition is there; a different request
 * under the token is refused.
 */
function repeat(input: JsonObject, scope: Scope): string | undefined {
  const token = text(input, 'clientToken');
  const earlier = token === undefined ? undefined : scope.region.queryTokens.get(token);
  if (!earlier || earlier.at + tokenLifeMs <= scope.now || !scope.region.queryDefinitions.has(earlier.id)) {
    return undefined;
  }
  if (earlier.request !== JSON.stringify(input)) {
    throw invalidParameter('The client token was used before with other parameters.');
  }
  return earlier.id;
}

function remember(input: JsonObject, id: string, scope: Scope): void {
  const token = text(input, 'clientToken');
  if (token !== undefined) {
    scope.region.queryTokens.set(token, { id, request: JSON.stringify(input), at: scope.now });
  }
}

function generatedID(scope: Scope): string {
  const hex = Array.from({ length: 32 }, () => scope.random(16).toString(16)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
