import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compiledKernels, type KernelVariant, kernelVariants } from './compiled-kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';
import { MatrixProduct, type Product, type ProductShape } from './matrix-product.ts';
import { multiplyReference } from './matrix-product-reference.ts';
import { Team, ThreadPool } from './thread-pool.ts';

const shapes = fc.record({
  rowCount: fc.integer({ min: 0, max: 210 }),
  columnCount: fc.integer({ min: 0, max: 300 }),
  depth: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 380, max: 800 })),
});
const gap = fc.nat(3);

type Transposed = Product['transposed'];

/** Two sides of pseudo-random values in a memory of their own, rows `gap` values apart; what lies between must stay as it is. */
function sides(shape: ProductShape, transposed: Transposed, gap: number, variant?: KernelVariant) {
  const { rowCount, columnCount, depth } = shape;
  const leftStride = (transposed === 'left' ? rowCount : depth) + gap;
  const rightStride = (transposed === 'right' ? depth : columnCount) + gap;
  const stride = columnCount + gap;
  const layout = new Layout();
  const at = {
    left: layout.take(leftStride * (transposed === 'left' ? depth : rowCount) * 4),
    right: layout.take(rightStride * (transposed === 'right' ? columnCount : depth) * 4),
    target: layout.take(stride * rowCount * 4),
    room: layout.take(MatrixProduct.roomBytes(shape)),
  };
  const memory = takeMemory(layout.sizeBytes, 'A test');
  const values = new Float32Array(memory.buffer);
  for (let place = at.left / 4; place < at.target / 4; place++) values[place] = Math.sin(place * 12.9898);
  values.fill(-7, at.target / 4, at.target / 4 + stride * rowCount);
  const left = (row: number, k: number) =>
    values[at.left / 4 + (transposed === 'left' ? k * leftStride + row : row * leftStride + k)]!;
  const right = (k: number, column: number) =>
    values[at.right / 4 + (transposed === 'right' ? column * rightStride + k : k * rightStride + column)]!;
  const product = {
    ...shape,
    ...(transposed && { transposed }),
    left: { at: at.left, stride: leftStride },
    right: { at: at.right, stride: rightStride },
    target: { at: at.target, stride },
  };
  const kernels = instantiateKernels(memory, compiledKernels(variant));
  return {
    memory,
    kernels,
    product,
    left,
    right,
    room: at.room,
    target: values.subarray(at.target / 4, at.target / 4 + stride * rowCount),
  };
}

test.each(kernelVariants)('multiplies as the reference does, whatever the shape: %s', (variant) => {
  fc.assert(
    fc.property(shapes, fc.constantFrom<Transposed>(undefined, 'left', 'right'), gap, (shape, transposed, gap) => {
      const { memory, kernels, product, left, right, room, target } = sides(shape, transposed, gap, variant);
      new MatrixProduct(new Team(memory, kernels), room, shape).multiply(product);
      expectRows(target, multiplyReference(shape, left, right), shape.columnCount, gap);
    }),
    { numRuns: 40 },
  );
});

test('multiplies to the same bits by wide tiles as by others with fused multiply-add', () => {
  fc.assert(
    fc.property(shapes, fc.constantFrom<Transposed>(undefined, 'left', 'right'), gap, (shape, transposed, gap) => {
      const [wide, relaxed] = (['wide', 'relaxed'] as const).map((variant) => {
        const { memory, kernels, product, room, target } = sides(shape, transposed, gap, variant);
        new MatrixProduct(new Team(memory, kernels), room, shape).multiply(product);
        return target;
      });
      expect(wide).toEqual(relaxed);
    }),
    { numRuns: 20 },
  );
});

test('adds to what is there', () => {
  const shape = { rowCount: 50, columnCount: 60, depth: 800 };
  const { memory, kernels, product, left, right, room, target } = sides(shape, 'right', 2);
  new MatrixProduct(new Team(memory, kernels), room, shape).multiply({ ...product, adds: true });
  expectRows(
    target,
    multiplyReference(shape, left, right).map((value) => value - 7),
    shape.columnCount,
    2,
  );
});

test('a Gram matrix is the product of a matrix, transposed, with itself', () => {
  fc.assert(
    fc.property(shapes, gap, ({ columnCount, depth }, gap) => {
      const shape = { rowCount: columnCount, columnCount, depth };
      const { memory, kernels, product, left, room, target } = sides(shape, 'left', gap);
      new MatrixProduct(new Team(memory, kernels), room, shape).gram({
        buffer: memory.buffer,
        matrix: product.left,
        target: product.target,
        rowCount: depth,
        columnCount,
      });
      expectRows(
        target,
        multiplyReference(shape, left, (k, column) => left(column, k)),
        columnCount,
        gap,
      );
    }),
    { numRuns: 20 },
  );
});

test('multiplies what is packed in several parts, and gives the same bits with one thread and three', async () => {
  const shape = { rowCount: 3_100, columnCount: 4_200, depth: 3 };
  const alone = sides(shape, 'right', 0);
  new MatrixProduct(new Team(alone.memory, alone.kernels), alone.room, shape).multiply(alone.product);
  expectRows(alone.target, multiplyReference(shape, alone.left, alone.right), shape.columnCount, 0);
  const shared = sides(shape, 'right', 0);
  const pool = new ThreadPool(2);
  const team = pool.join(shared.memory, shared.kernels);
  for (let again = 0; again < 5; again++) new MatrixProduct(team, shared.room, shape).multiply(shared.product);
  team.dismiss();
  await pool.close();
  expect(Buffer.compare(Buffer.from(shared.target.slice().buffer), Buffer.from(alone.target.slice().buffer))).toBe(0);
});

function expectRows(found: Float32Array, wanted: Float64Array, columnCount: number, gap: number): void {
  let [furthest, overwritten] = [0, 0];
  const stride = columnCount + gap;
  for (const [at, value] of found.entries()) {
    const column = stride === 0 ? 0 : at % stride;
    if (column >= columnCount) overwritten += value === -7 ? 0 : 1;
    else furthest = Math.max(furthest, Math.abs(value - wanted[Math.floor(at / stride) * columnCount + column]!));
  }
  expect(furthest).toBeLessThan(1e-3);
  expect(overwritten).toBe(0);
}
