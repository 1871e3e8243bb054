import { afterAll, beforeAll, describe } from 'vitest';
import { rejectionSuite } from '#test/contract/rejection-suite.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';

describe('a real API server', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  });
  afterAll(() => plane?.stop());

  rejectionSuite(() => plane.api);
});
