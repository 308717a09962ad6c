import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', reportCompressedSize: false },
  server: { proxy: Object.fromEntries(['/api', '/pictures', '/shop'].map((path) => [path, 'http://127.0.0.1:8080'])) },
});
