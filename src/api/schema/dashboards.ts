import { Type } from 'typebox';
import { entryName } from './names.ts';
import { atomicList, choice, form, integer, listByKey, object, openObject, setOf, text } from './shape.ts';
import { model } from './target.ts';

export const DASHBOARD_PRESETS = [
  'Overview',
  'Latency',
  'TokensAndCost',
  'Errors',
  'Guardrails',
  'Privacy',
  'Delivery',
] as const;

const WIDGET_TYPES = ['metric', 'text', 'log', 'alarm', 'explorer'] as const;

const widget = object('One widget, as CloudWatch has it.', {
  type: choice('Kind of the widget.', WIDGET_TYPES),
  width: Type.Optional(integer('Columns of 24. Default: 6.', 1, 24)),
  height: Type.Optional(integer('Rows. Default: 6.', 1, 1000)),
  properties: openObject(
    'The properties of the widget, as "View/edit source" in the CloudWatch console shows them. Where a metric or log widget names no region it has the region of the monitor.',
  ),
});

const widgets = atomicList(
  'Widgets of your own, below those of the preset: one after the other, row by row. At most 50.',
  widget,
  { minItems: 1, maxItems: 50 },
);

const sourceAccountIDs = setOf(
  'Accounts whose metrics are shown, in a monitoring account of CloudWatch cross-account observability that they are linked to. Records of their logs are not shown. Default: this account. At most 20.',
  text('12 digits, in quotes.', { maxLength: 32 }, [form('^[0-9]{12}$', 'must be 12 digits, in quotes')]),
  { maxItems: 20 },
);

const dashboard = object(
  'One CloudWatch dashboard: a preset, widgets of your own, both, or your own body.',
  {
    name: entryName('dashboard'),
    preset: Type.Optional(
      choice(
        'Overview: invocations, latency, input and output tokens by model, the latest prompts, and the state of the alarms. Latency: until the first and the last token, and the slowest invocations. TokensAndCost: tokens by model, quota and caller, and USD where modelPrices are set. Errors: what fails, how much and which calls. Guardrails: checks and interventions. Privacy: what masking finds. Delivery: whether records arrive.',
        DASHBOARD_PRESETS,
      ),
    ),
    widgets: Type.Optional(widgets),
    body: Type.Optional(
      text("The whole dashboard as JSON, as CloudWatch's source view shows it.", { minLength: 2, maxLength: 200_000 }),
    ),
    models: Type.Optional(
      setOf('The models shown. Default: spec.models, else all. An empty list means all.', model, { maxItems: 50 }),
    ),
    sourceAccountIDs: Type.Optional(sourceAccountIDs),
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
      rule: 'has(self.body) != (has(self.preset) || has(self.widgets))',
      message: 'set body (the whole dashboard as JSON), or preset and widgets, not both',
    },
    {
      rule: 'has(self.preset) || !(has(self.models) || has(self.sourceAccountIDs))',
      message: 'models and sourceAccountIDs shape a preset; with body write them into the body',
    },
  ],
);

export const dashboards = listByKey('CloudWatch dashboards. At most 10.', 'name', dashboard, { maxItems: 10 });
