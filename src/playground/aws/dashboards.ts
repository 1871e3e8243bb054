import type { JsonObject } from '#src/domain/json.ts';
import { array, check, required, string } from './constraints.ts';
import { dashboardMessages } from './dashboard-body.ts';
import { AwsError } from './errors.ts';
import { text, texts } from './members.ts';
import type { Operation, Scope } from './operation.ts';
import { page } from './paging.ts';
import { tag, tagLimit } from './tag-constraints.ts';
import { newTags, tagEntries } from './tags.ts';

const dashboardName = string(1, 255);

const putDashboard: Operation = {
  service: 'monitoring',
  name: 'PutDashboard',
  mutates: true,
  permissions: (input, scope) => [
    { action: 'cloudwatch:PutDashboard', resource: dashboardARN(text(input, 'DashboardName') ?? '', scope) },
    ...(tagEntries(input).length > 0
      ? [{ action: 'cloudwatch:TagResource', resource: dashboardARN(text(input, 'DashboardName') ?? '', scope) }]
      : []),
  ],
  lock: (input) => `dashboard:${text(input, 'DashboardName')}`,
  conflict: () =>
    new AwsError('ConflictException', 'This operation attempted to create or modify a dashboard concurrently.', {
      status: 409,
    }),
  run(input, scope) {
    check(
      input,
      { DashboardName: required(dashboardName), DashboardBody: required(string()), Tags: array(0, tagLimit, tag) },
      invalidValue,
    );
    const name = text(input, 'DashboardName') ?? '';
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      throw invalidInput([
        { DataPath: '', Message: `The DashboardName ${name} contains invalid characters: only A-Za-z0-9_- are valid.` },
      ]);
    }
    const body = text(input, 'DashboardBody') ?? '';
    const { errors, warnings } = dashboardMessages(body);
    if (errors.length > 0) throw invalidInput(errors);
    const existing = scope.account.dashboards.get(name);
    // Tags count at creation only.
    const tags = existing?.tags ?? newTags(tagEntries(input), invalidValue);
    scope.changing(scope.account.dashboards, name);
    scope.account.dashboards.set(name, { name, body, tags, lastModified: scope.now });
    return { DashboardValidationMessages: warnings };
  },
};

const getDashboard: Operation = {
  service: 'monitoring',
  name: 'GetDashboard',
  mutates: false,
  permissions: (input, scope) => [
    { action: 'cloudwatch:GetDashboard', resource: dashboardARN(text(input, 'DashboardName') ?? '', scope) },
  ],
  run(input, scope) {
    check(input, { DashboardName: required(dashboardName) }, invalidValue);
    const name = text(input, 'DashboardName') ?? '';
    const dashboard = scope.account.dashboards.get(name);
    if (!dashboard) throw notFound(`Dashboard ${name} does not exist`);
    return { DashboardArn: dashboardARN(name, scope), DashboardBody: dashboard.body, DashboardName: name };
  },
};

const listDashboards: Operation = {
  service: 'monitoring',
  name: 'ListDashboards',
  mutates: false,
  permissions: () => [{ action: 'cloudwatch:ListDashboards', resource: '*' }],
  run(input, scope) {
    check(input, { DashboardNamePrefix: string(1, 255), NextToken: string() }, invalidValue);
    const prefix = text(input, 'DashboardNamePrefix') ?? '';
    const found = [...scope.seen(scope.account.dashboards).values()]
      .filter((one) => one.name.startsWith(prefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, nextToken } = page(found, 1000, text(input, 'NextToken'), () => invalidValue('Invalid NextToken.'));
    return {
      DashboardEntries: items.map((one) => ({
        DashboardName: one.name,
        DashboardArn: dashboardARN(one.name, scope),
        LastModified: one.lastModified / 1000,
        Size: Buffer.byteLength(one.body),
      })),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
};

const deleteDashboards: Operation = {
  service: 'monitoring',
  name: 'DeleteDashboards',
  mutates: true,
  permissions: (input, scope) =>
    texts(input, 'DashboardNames').map((name) => ({
      action: 'cloudwatch:DeleteDashboards',
      resource: dashboardARN(name, scope),
    })),
  run(input, scope) {
    check(input, { DashboardNames: required(array(1, 100, dashboardName)) }, invalidValue);
    const { dashboards } = scope.account;
    const names = texts(input, 'DashboardNames');
    const missing = names.filter((name) => !dashboards.has(name));
    // AWS deletes as many as it can, and then says what it could not.
    for (const name of names) {
      scope.changing(dashboards, name);
      dashboards.delete(name);
    }
    if (missing.length > 0) throw notFound(`Dashboards do not exist: ${missing.join(', ')}`);
    return {};
  },
};

export const dashboardOperations: readonly Operation[] = [putDashboard, getDashboard, listDashboards, deleteDashboards];

/** Dashboards have no Region. */
function dashboardARN(name: string, scope: Scope): string {
  return `arn:${scope.account.partition}:cloudwatch::${scope.account.id}:dashboard/${name}`;
}

function notFound(message: string): AwsError {
  return new AwsError('DashboardNotFoundError', message, { status: 404, queryCode: 'ResourceNotFound' });
}

function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { queryCode: 'InvalidParameterValue' });
}

function invalidInput(messages: readonly JsonObject[]): AwsError {
  const shown = messages.map((one) => ({ dataPath: one['DataPath'] ?? '', message: one['Message'] ?? '' }));
  return new AwsError(
    'DashboardInvalidInputError',
    `The dashboard body is invalid, there are ${messages.length} validation errors:\n${JSON.stringify(shown, null, 2)}`,
    { queryCode: 'InvalidParameterInput', members: { dashboardValidationMessages: messages } },
  );
}
