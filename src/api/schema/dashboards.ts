import { Type } from 'typebox';
import { entryName } from './names.ts';
import { choice, form, listByKey, object, setOf, text } from './shape.ts';
import { model } from './target.ts';

const DASHBOARD_PRESETS = ['Overview'] as const;

const dashboard = object(
  'One CloudWatch dashboard: a preset, or your own body.',
  {
    name: entryName('dashboard'),
    preset: Type.Optional(
      choice(
        'Overview: invocations, latency, input and output tokens by model, and the latest prompts.',
        DASHBOARD_PRESETS,
      ),
    ),
    body: Type.Optional(
      text("The whole dashboard as JSON, as CloudWatch's source view shows it.", { minLength: 2, maxLength: 200_000 }),
    ),
    models: Type.Optional(
      setOf('The models shown. Default: spec.models, else all. An empty list means all.', model, { maxItems: 50 }),
    ),
    awsName: Type.Optional(
      text(
        'Exact name of the dashboard in AWS, one for all Regions of the account. Default: bedrockmonitor_<cluster>_<namespace>_<monitor>_<entry>_<region>.',
        { minLength: 1, maxLength: 255 },
        [form('^[A-Za-z0-9_-]+$', 'a dashboard name may hold letters, digits, - and _')],
      ),
    ),
  },
  [
    {
      rule: 'has(self.body) != has(self.preset)',
      message: 'set body (the whole dashboard as JSON), or preset, not both',
    },
    {
      rule: '!has(self.body) || !has(self.models)',
      message: 'models shapes a preset; with body write the models into the body',
      fieldPath: '.models',
    },
  ],
);

export const dashboards = listByKey('CloudWatch dashboards. At most 10.', 'name', dashboard, { maxItems: 10 });
