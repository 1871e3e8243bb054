import { bare, dashboard, many, query, type Rejection } from './row.ts';

const board = 'spec.dashboards[0]';
const saved = 'spec.savedQueries[0]';
const oneForm = 'set body (the whole dashboard as JSON), or preset and widgets, not both';
const shapes = 'models and sourceAccountIDs shape a preset; with body write them into the body';
const text = { type: 'text', properties: { markdown: 'hello' } };
const oneText = 'set exactly one of preset and queryString';

export const dashboardRejections: readonly Rejection[] = [
  { what: 'a dashboard of nothing', spec: dashboard({}), field: board, says: oneForm },
  {
    what: 'a dashboard of two forms',
    spec: dashboard({ preset: 'Overview', body: '{}' }),
    field: board,
    says: oneForm,
  },
  {
    what: 'widgets beside a body',
    spec: dashboard({ body: '{}', widgets: [text] }),
    field: board,
    says: oneForm,
  },
  {
    what: 'models beside a body',
    spec: dashboard({ body: '{}', models: ['amazon.nova-pro-v1:0'] }),
    field: board,
    says: shapes,
  },
  {
    what: 'a pattern of ARNs in the models of a dashboard',
    spec: dashboard({ preset: 'Overview', models: ['arn:aws:bedrock:*'] }),
    field: `${board}.models[0]`,
    says: 'a pattern matches model IDs: write it without arn:',
  },
  {
    what: 'accounts beside widgets alone',
    spec: dashboard({ widgets: [text], sourceAccountIDs: ['444455556666'] }),
    field: board,
    says: shapes,
  },
  {
    what: 'a source account that is no number',
    spec: dashboard({ preset: 'Overview', sourceAccountIDs: ['production'] }),
    field: `${board}.sourceAccountIDs[0]`,
    says: 'must be 12 digits, in quotes',
  },
  {
    what: 'a dashboard preset of a later release',
    spec: dashboard({ preset: 'Everything' }),
    field: `${board}.preset`,
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'a widget of a type that AWS has not',
    spec: dashboard({ widgets: [{ ...text, type: 'graph' }] }),
    field: `${board}.widgets[0].type`,
    cause: 'FieldValueNotSupported',
  },
  {
    what: 'a widget wider than the grid',
    spec: dashboard({ widgets: [{ ...text, width: 25 }] }),
    field: `${board}.widgets[0].width`,
    cause: 'FieldValueInvalid',
  },
  {
    what: 'a widget without properties',
    spec: dashboard({ widgets: [{ type: 'text' }] }),
    field: `${board}.widgets[0].properties`,
    cause: 'FieldValueRequired',
  },
  {
    what: '51 widgets',
    spec: dashboard({ widgets: many(51, () => text) }),
    field: `${board}.widgets`,
    cause: 'FieldValueTooMany',
  },
  {
    what: '21 source accounts',
    spec: dashboard({ preset: 'Overview', sourceAccountIDs: many(21, (n) => `${100_000_000_000 + n}`) }),
    field: `${board}.sourceAccountIDs`,
    cause: 'FieldValueTooMany',
  },
  {
    what: '11 dashboards',
    spec: bare({ dashboards: many(11, (n) => ({ name: `d${n}`, preset: 'Overview' })) }),
    field: 'spec.dashboards',
    cause: 'FieldValueTooMany',
  },
];

export const queryRejections: readonly Rejection[] = [
  { what: 'a query of nothing', spec: query({}), field: saved, says: oneText },
  {
    what: 'a query of two forms',
    spec: query({ preset: 'Errors', queryString: 'fields @message' }),
    field: saved,
    says: oneText,
  },
  {
    what: 'a language for a preset',
    spec: query({ preset: 'Errors', queryLanguage: 'PPL' }),
    field: `${saved}.queryLanguage`,
    says: 'queryLanguage and parameters belong to queryString',
  },
  {
    what: 'parameters of a preset',
    spec: query({ preset: 'Errors', parameters: [{ name: 'team' }] }),
    field: `${saved}.parameters`,
    says: 'queryLanguage and parameters belong to queryString',
  },
  ...['PPL', 'SQL'].map(
    (queryLanguage): Rejection => ({
      what: `parameters of a ${queryLanguage} query`,
      spec: query({ queryString: 'SELECT 1', queryLanguage, parameters: [{ name: 'team' }] }),
      field: `${saved}.parameters`,
      says: 'AWS takes parameters in CWLI queries only',
    }),
  ),
  ...['1st', 'cost-center', 'a b'].map(
    (name): Rejection => ({
      what: `the parameter name ${name}`,
      spec: query({ queryString: 'limit 1', parameters: [{ name }] }),
      field: `${saved}.parameters[0].name`,
      says: 'a parameter name may hold letters, digits and _, and begins with a letter or _',
    }),
  ),
  {
    what: 'one parameter twice',
    spec: query({ queryString: 'limit 1', parameters: [{ name: 'team' }, { name: 'team', defaultValue: 'x' }] }),
    field: `${saved}.parameters[1]`,
    cause: 'FieldValueDuplicate',
  },
  {
    what: '21 parameters',
    spec: query({ queryString: 'limit 1', parameters: many(21, (n) => ({ name: `p${n}` })) }),
    field: `${saved}.parameters`,
    cause: 'FieldValueTooMany',
  },
  {
    what: 'log groups beside SQL',
    spec: query({ queryString: 'SELECT 1', queryLanguage: 'SQL', logGroupNames: ['/aws/bedrock'] }),
    field: `${saved}.logGroupNames`,
    says: 'a SQL query names its log groups inside queryString: remove logGroupNames',
  },
  ...['a:b', 'a*', '/a', 'a/'].map(
    (awsName): Rejection => ({
      what: `the query name ${awsName}`,
      spec: query({ preset: 'Errors', awsName }),
      field: `${saved}.awsName`,
      says: 'awsName may not hold : or *, nor start or end with /',
    }),
  ),
  {
    what: 'patterns over class InfrequentAccess',
    spec: query({ preset: 'PromptPatterns' }, { group: { class: 'InfrequentAccess' } }),
    field: 'spec.savedQueries',
    says: 'preset PromptPatterns uses the pattern command, which class InfrequentAccess lacks',
  },
  {
    what: 'a query of 9,701 characters',
    spec: query({ queryString: 'x'.repeat(9701) }),
    field: `${saved}.queryString`,
    cause: 'FieldValueTooLong',
  },
  {
    what: 'a query preset of a later release',
    spec: query({ preset: 'NextRelease' }),
    field: `${saved}.preset`,
    cause: 'FieldValueNotSupported',
  },
];
