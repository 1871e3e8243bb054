import type { JsonObject } from '#src/domain/json.ts';
import type { Api } from './api.ts';
import { apiGroup, coreVersions, groupList, resourceList, versionInfo } from './discovery.ts';
import type { ApiAnswer, ApiRequest, WatchAnswer } from './http.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';
import { parseResourcePath } from './request-path.ts';
import { handleResource } from './resource-requests.ts';
import { NotServed, StatusError } from './status-error.ts';

/** Answers one request. Never throws: whatever goes wrong is a Status. */
export function handle(api: Api, request: ApiRequest): ApiAnswer | WatchAnswer {
  try {
    return route(api, request);
  } catch (error) {
    if (error instanceof NotServed) return { status: 404, body: '404 page not found\n', warnings: [] };
    if (error instanceof StatusError) return { status: error.code, body: error.status, warnings: [] };
    const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`;
    return { status: 500, body: new StatusError(500, 'InternalError', message).status, warnings: [] };
  }
}

function route(api: Api, request: ApiRequest): ApiAnswer | WatchAnswer {
  const url = new URL(request.url, 'http://loopback');
  const fixed = request.method === 'GET' ? document(api, url) : undefined;
  if (fixed !== undefined) return { status: 200, body: fixed, warnings: [] };
  const path = parseResourcePath(url.pathname);
  if (path === undefined) throw new NotServed();
  return handleResource(api, request, path, url.searchParams);
}

/** Everything that is read but is no resource. */
function document(api: Api, url: URL): JsonObject | string | undefined {
  const path = url.pathname.replace(/\/+$/, '');
  const types = api.registry.all();
  if (/^\/(?:healthz|readyz|livez)(?:\/|$)/.test(url.pathname)) return 'ok';
  if (path === '/version') return versionInfo;
  if (path === '/api') return coreVersions(url.host);
  if (path === '/apis') return groupList(types);
  if (path === '/openapi/v3') return openApiIndex(types);
  if (path.startsWith('/openapi/v3/')) return openApiDocument(types, path.slice('/openapi/v3/'.length));
  const parts = path.split('/').slice(1);
  if (parts[0] === 'api' && parts.length === 2) return resourceList(types, parts[1] ?? '');
  if (parts[0] === 'apis' && parts.length === 2) return apiGroup(types, parts[1] ?? '');
  if (parts[0] === 'apis' && parts.length === 3) return resourceList(types, `${parts[1]}/${parts[2]}`);
  if (path === '') return { paths: ['/api', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version'] };
  return undefined;
}
