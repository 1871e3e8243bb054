import type { Json, JsonObject } from '#src/domain/json.ts';
import {
  at,
  type DashboardMessage,
  errors,
  type Findings,
  joined,
  oneOf,
  requireText,
  short,
  size,
  unknownMembers,
} from './dashboard-message.ts';
import { isObject, list, text } from './members.ts';

const members = 'type property pattern inputType id label visible defaultValue values search populateFrom'.split(' ');

/** The variables of a body: "Variables Array Structure" of the CloudWatch API reference. */
export function checkVariables(body: JsonObject): Findings {
  if (body['variables'] === undefined) return errors();
  const variables = list(body, 'variables');
  if (variables === undefined) return errors([at('/variables', 'Should be array')]);
  const ids = variables.map((variable) => (isObject(variable) ? text(variable, 'id') : undefined));
  return joined([
    errors(size(body, 'variables', 0, 25, '')),
    ...variables.map((variable, index) => checkVariable(variable, `/variables/${index}`)),
    errors(
      ids.flatMap((id, index) =>
        id !== undefined && ids.indexOf(id) !== index ? [at(`/variables/${index}/id`, 'Should be unique')] : [],
      ),
    ),
  ]);
}

function checkVariable(variable: Json, path: string): Findings {
  if (!isObject(variable)) return errors([at(path, 'Should be object')]);
  const type = text(variable, 'type');
  const inputType = text(variable, 'inputType');
  const { visible } = variable;
  return joined([
    errors(
      requireText(variable, 'type', path),
      oneOf(variable, 'type', ['property', 'pattern'], path),
      requireText(variable, 'inputType', path),
      oneOf(variable, 'inputType', ['input', 'select', 'radio'], path),
      type === 'property' || type === 'pattern' ? requireText(variable, type, path) : [],
      /^[0-9A-Za-z_-]{1,32}$/.test(text(variable, 'id') ?? '')
        ? []
        : [at(`${path}/id`, 'Should match pattern "^[0-9A-Za-z_-]{1,32}$"')],
      short(variable, 'label', 30, path),
      short(variable, 'search', 2048, path),
      visible === undefined || typeof visible === 'boolean' ? [] : [at(`${path}/visible`, 'Should be boolean')],
      inputType === 'select' || inputType === 'radio' ? checkChoices(variable, path) : [],
    ),
    unknownMembers(variable, members, path),
  ]);
}

/** Values, or a search that finds them; a default is one of them. */
function checkChoices(variable: JsonObject, path: string): readonly DashboardMessage[] {
  const values = list(variable, 'values');
  const preset = variable['defaultValue'];
  if (values === undefined) {
    const search = text(variable, 'search') ?? '';
    const from = text(variable, 'populateFrom') ?? '';
    if (search === '' || from === '') return [at(path, 'Should have required property "values"')];
    const schema = /\{([^}]*)\}/.exec(search)?.[1]?.split(',').slice(1) ?? [];
    return schema.map((name) => name.trim().replaceAll('"', '')).includes(from)
      ? []
      : [at(`${path}/populateFrom`, 'Should be a dimension of the search')];
  }
  const options = values.map((value) => (isObject(value) ? value['value'] : undefined));
  const wrong = options.findIndex((option) =>
    typeof option === 'string' ? option.length > 255 : typeof option !== 'number' && typeof option !== 'boolean',
  );
  return [
    ...size(variable, 'values', 1, 500, path),
    ...(wrong < 0 ? [] : [at(`${path}/values/${wrong}/value`, 'Should be a string, number or boolean of at most 255')]),
    ...(preset === undefined || options.includes(preset)
      ? []
      : [at(`${path}/defaultValue`, 'Should be equal to one of the values')]),
  ];
}
