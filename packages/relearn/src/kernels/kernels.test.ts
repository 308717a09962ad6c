import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compiledKernels, kernelVariants } from './compiled-kernels.ts';
import { instantiateKernels, Layout, takeMemory } from './load-kernels.ts';

function waves(length: number, step = 1): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * step));
}

describe.each(kernelVariants)('the %s kernels', (variant) => {
  const compiled = compiledKernels(variant);

  /** Values at an address of a memory of their own, with the kernels that work on it. */
  function place<Name extends string>(lengths: Readonly<Record<Name, number>>) {
    const layout = new Layout();
    const at = Object.fromEntries(
      Object.entries<number>(lengths).map(([name, length]) => [name, layout.take(length * 4)]),
    ) as Record<Name, number>;
    const memory = takeMemory(layout.sizeBytes, 'A test');
    const f32 = (name: Name) => new Float32Array(memory.buffer, at[name], lengths[name]);
    return { at, memory, f32, kernels: instantiateKernels(memory, compiled) };
  }

  test('multiply tiles as three loops do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.nat(40), (down, across, depth) => {
        const [rows, columns] = [down * 6, across * 8];
        const lengths = { a: depth * rows, b: depth * columns, packedA: depth * rows, packedB: depth * columns };
        const { at, f32, kernels } = place({ ...lengths, set: rows * columns, subtracted: rows * columns });
        f32('a').set(waves(depth * rows));
        f32('b').set(waves(depth * columns, 1.3));
        f32('subtracted').fill(1);
        kernels.packRows(at.a, rows, depth, rows, at.packedA);
        kernels.packColumns(at.b, columns, depth, columns, at.packedB);
        kernels.setProduct(at.set, columns, at.packedA, at.packedB, depth, rows, columns, -columns);
        kernels.subtractProduct(at.subtracted, columns, at.packedA, at.packedB, depth, rows, columns, -columns);
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            let sum = 0;
            for (let k = 0; k < depth; k++) sum += f32('a')[k * rows + row]! * f32('b')[k * columns + column]!;
            expect(Math.abs(f32('set')[row * columns + column]! - sum)).toBeLessThan(1e-4);
            expect(Math.abs(f32('subtracted')[row * columns + column]! - (1 - sum))).toBeLessThan(1e-4);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('sum weighted rows as a loop does', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(fc.nat(9), { maxLength: 30 }), (blocks, chosen) => {
        const stride = blocks * 16;
        const { at, memory, f32, kernels } = place({ matrix: 5 * stride, rows: 30, weights: 30, target: stride });
        const matrix = new Int16Array(memory.buffer, at.matrix, 10 * stride);
        matrix.set(waves(matrix.length).map((value) => Math.round(value * 32_767)));
        new Int32Array(memory.buffer, at.rows, 30).set(chosen);
        f32('weights').set(chosen.map((_, i) => Math.cos(i) / 32_767));
        kernels.addRows(at.matrix, stride, at.rows, at.weights, chosen.length, at.target);
        for (let column = 0; column < stride; column++) {
          const sum = chosen.reduce((total, row, i) => total + f32('weights')[i]! * matrix[row * stride + column]!, 0);
          expect(Math.abs(f32('target')[column]! - sum)).toBeLessThan(1e-4);
        }
      }),
    );
  });

  test('find the best as a sort does', () => {
    const scores = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 16, maxLength: 80 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 40 }), (values, k) => {
        const count = Math.floor(values.length / 16) * 16;
        const { at, memory, f32, kernels } = place({ scores: count, kept: k, best: k });
        f32('scores').set(values.slice(0, count));
        kernels.topK(at.scores, count, k, at.kept, at.best);
        const sorted = [...f32('scores').keys()].sort((a, b) => values[b]! - values[a]! || a - b).slice(0, k);
        const found = Math.min(k, count);
        expect([...new Int32Array(memory.buffer, at.best, k)]).toEqual([...sorted, ...Array(k - found).fill(-1)]);
      }),
    );
  });
});
