import { describe, expect, test } from 'vitest';
import { ingest, streamOf } from '#src/playground/aws/log-events.ts';
import { insights, type Row } from '#test/support/insights.ts';
import { failure } from './clients.ts';

const begin = Date.parse('2026-11-24T10:00:00Z');

/** Events a minute apart, the first at ten. */
const events: readonly (string | object)[] = [
  { level: 'info', service: 'search', ms: 120, user: { name: 'ann', tags: ['a', 'b'] }, ok: true },
  { level: 'error', service: 'search', ms: 2400, user: { name: 'bob' }, ok: false },
  { level: 'error', service: 'mail', ms: 9, note: 'user=ann, method:GET, latency := 7' },
  'plain text, no fields: GET /index 404',
  { level: 'info', service: 'mail', ms: '31', payload: '{"inner":{"n":[1,2,{"deep":"x"}]}}', 'odd-name': 5 },
];

function stage(logGroupClass: 'STANDARD' | 'INFREQUENT_ACCESS' = 'STANDARD') {
  const on = insights('/app', logGroupClass);
  const stream = streamOf(on.group, 'web', begin);
  for (const [index, event] of events.entries()) {
    const at = begin + index * 60_000;
    ingest(on.region, on.group, stream, typeof event === 'string' ? event : JSON.stringify(event), at, at);
  }
  return on;
}

describe('Logs Insights', () => {
  test.each<[string, string, readonly Row[]]>([
    [
      'shows time and message, the latest first, where nothing is chosen',
      'filter level = "error"',
      [
        { '@timestamp': '2026-11-24 10:02:00.000', '@message': JSON.stringify(events[2]) },
        { '@timestamp': '2026-11-24 10:01:00.000', '@message': JSON.stringify(events[1]) },
      ],
    ],
    [
      'discovers nested fields, list items by index; true is 1',
      'filter ispresent(user.name) | fields user.name as name, user.tags.1, ok | sort name asc',
      [
        { name: 'ann', 'user.tags.1': 'b', ok: '1' },
        { name: 'bob', ok: '0' },
      ],
    ],
    [
      'takes names with other characters in backticks',
      'filter `odd-name` = 5 | display `odd-name` as odd',
      [{ odd: '5' }],
    ],
    [
      'compares as numbers what reads as numbers',
      'filter ms > 30 and ms <= 120 | sort ms desc | display ms',
      [{ ms: '120' }, { ms: '31' }],
    ],
    [
      'binds not, and, or in that order',
      'filter level = "info" or level = "error" and not service = "mail" | sort @timestamp asc | display ms',
      [{ ms: '120' }, { ms: '2400' }, { ms: '31' }],
    ],
    [
      'a comparison with what is not there does not hold, not even unequal',
      'filter level != "info" | stats count(*) as n',
      [{ n: '2' }],
    ],
    [
      'like takes a text or a regular expression, =~ too',
      'filter @message like "GET" and @message =~ /(?i)INDEX \\d{3}/ and @message not like /mail/ | display @message',
      [{ '@message': 'plain text, no fields: GET /index 404' }],
    ],
    ['in and not in', 'filter service in ["mail", "x"] and level not in ["info"] | display ms', [{ ms: '9' }]],
    [
      'parse by glob, each * as short as can be',
      'parse note "user=*, method:*, latency := *" as who, method, latency | filter ispresent(who) | display who, method, latency',
      [{ who: 'ann', method: 'GET', latency: '7' }],
    ],
    [
      'parse by regular expression; without a match there is no field, and the row stays',
      'parse @message /GET (?<path>\\/\\w+) (?<status>\\d+)/ | stats count(*) as events, count(path) as paths by status | sort status desc',
      [
        { status: '404', events: '1', paths: '1' },
        { events: '4', paths: '0' },
      ],
    ],
    [
      'aggregates',
      'filter ispresent(ms) | stats count(*) as n, sum(ms) as total, avg(ms), min(ms), max(ms), pct(ms, 50), count_distinct(service) as services',
      [
        {
          n: '4',
          total: '2560',
          'avg(ms)': '640',
          'min(ms)': '9',
          'max(ms)': '2400',
          'pct(ms, 50)': '31',
          services: '2',
        },
      ],
    ],
    [
      'groups by fields and time, aggregates inside arithmetic',
      'filter service = "search" | stats 100 * sum(level = "error") / count(*) as failed by service, bin(5m)',
      [{ service: 'search', 'bin(5m)': '2026-11-24 10:00:00.000', failed: '50' }],
    ],
    [
      'takes 300s for 60s, as AWS caps it',
      'filter level = "info" | stats count(*) by bin(300s) as t | sort t asc',
      [
        { t: '2026-11-24 10:00:00.000', 'count(*)': '1' },
        { t: '2026-11-24 10:04:00.000', 'count(*)': '1' },
      ],
    ],
    [
      'stats after stats',
      'filter ispresent(level) | stats count(*) as n by level, service | stats max(n) as most',
      [{ most: '1' }],
    ],
    [
      'dedup keeps the first of each, and what has no value',
      'sort @timestamp asc | dedup level | fields coalesce(level, "none") as kind',
      [{ kind: 'info' }, { kind: 'error' }, { kind: 'none' }],
    ],
    [
      'sorts texts before numbers',
      'fields if(ms = 9, "nine", ms) as key | filter ispresent(key) | sort key asc | display key',
      [{ key: 'nine' }, { key: '31' }, { key: '120' }, { key: '2400' }],
    ],
    [
      'jsonParse reaches into text, which discovery does not',
      'fields jsonParse(payload) as p, p.inner.n[2].deep as deep, payload.inner as none | filter ispresent(deep) | display deep, none, strlen(toupper(deep)) as n',
      [{ deep: 'x', n: '1' }],
    ],
    [
      'functions',
      'limit 1 | display concat(trim("  a "), "-", substr("hello", 1, 3)) as c, replace("aXbX", "X", "") as r, regexReplace("a1b22", "[0-9]+", "#") as x, round(2.567, 1) as d, 2 ^ 3 % 5 as m, startsWith("abc", "ab") as s, case(1 = 2, "no", 1 = 1, "yes") as k',
      [{ c: 'a-ell', r: 'ab', x: 'a#b#', d: '2.6', m: '3', s: '1', k: 'yes' }],
    ],
    [
      'comments go to the end of the line',
      '# bedrockmonitor prod/genai/production\nfields ms # the time\n| filter ms = 9',
      [{ ms: '9' }],
    ],
    [
      'pattern',
      'parse @message \'"service":"*"\' as s | filter ispresent(s) | pattern s | sort @sampleCount desc',
      [
        { '@pattern': 'mail', '@ratio': '0.5', '@sampleCount': '2', '@severityLabel': 'INFO' },
        { '@pattern': 'search', '@ratio': '0.5', '@sampleCount': '2', '@severityLabel': 'INFO' },
      ],
    ],
  ])('%s', async (_, query, rows) => {
    expect(await stage().query(query)).toEqual(rows);
  });

  test.each<[string, string, string]>([
    ['an unknown command', 'fields @message\n| fetch 5', 'unexpected symbol found fetch at line 2 and position 3'],
    ['an unknown function', 'fields shout(@message)', 'unexpected symbol found shout at line 1 and position 8'],
    [
      'a function in sort',
      'stats count(*) by bin(1h) | sort bin(1h)',
      'unexpected symbol found ( at line 1 and position 37',
    ],
    ['an aggregate outside of stats', 'fields count(*)', 'unexpected symbol found count at line 1 and position 8'],
    [
      'flags behind a regular expression',
      'filter @message like /x/i',
      'unexpected symbol found i at line 1 and position 25',
    ],
    ['a name in other letters', 'fields ms as größe', "token recognition error at: 'ö' at line 1 and position 16"],
    ['a query that ends early', 'filter', 'unexpected symbol found <EOF> at line 1 and position 7'],
    [
      'too few aliases',
      'parse @message "* *" as one',
      'the number of * (2) is not that of the aliases (1) at line 1 and position 16',
    ],
    ['looking around', 'filter @message like /a(?=b)/', 'the regular expression looks around or refers back'],
    [
      'a third stats',
      'stats count(*) as n | stats sum(n) as m | stats max(m)',
      'at most two stats commands at line 1 and position 43',
    ],
    ['a limit of none', 'limit 0', 'limit must be from 1 to 100000 at line 1 and position 7'],
    [
      'pattern over a discovered field',
      'pattern level',
      'pattern takes @message, a parsed field or the result of a string function',
    ],
    [
      'what the simulator does not implement: a command',
      'unnest a into b',
      'the simulator does not implement the command unnest',
    ],
    [
      'what the simulator does not implement: a function',
      'fields split(a, ",")',
      'the simulator does not implement the function split',
    ],
  ])('refuses %s', async (_, query, message) => {
    const refused = await failure(stage().start(query));
    expect(refused).toMatchObject({ name: 'MalformedQueryException', status: 400 });
    expect(refused.message).toContain(message);
  });

  test('extracts 200 fields of an event; parse reaches the others', async () => {
    const on = insights('/wide');
    const wide = Object.fromEntries(Array.from({ length: 210 }, (_, index) => [`f${index}`, index]));
    ingest(on.region, on.group, streamOf(on.group, 's', begin), JSON.stringify(wide), begin, begin);
    const rows = await on.query(
      'parse @message /"f200":(?<parsed>\\d+)/ | fields f199 as last, f200 as hidden | display last, hidden, parsed',
    );
    expect(rows).toEqual([{ last: '199', parsed: '200' }]);
  });

  test('class Infrequent Access discovers nothing, and has neither pattern nor unmask', async () => {
    const on = stage('INFREQUENT_ACCESS');
    expect(await on.query('filter ispresent(level)')).toEqual([]);
    expect(await on.query('parse @message /"level":"(?<l>\\w+)"/ | filter l = "error" | stats count(*) as n')).toEqual([
      { n: '2' },
    ]);
    for (const query of ['pattern @message', 'fields unmask(@message)']) {
      expect((await failure(on.start(query))).name).toBe('MalformedQueryException');
    }
  });
});
