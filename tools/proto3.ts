import { paintDisc } from './edges/paintedEdges.ts';
import { alphaOf } from '../src/core/edges/edges.ts';
import { guidedFilter } from '../src/core/edges/guidedFilter.ts';
import { squaredDistances } from '../src/core/edges/distance.ts';
import { areaOf, patchOf } from '../src/core/edges/patch.ts';
import { boxMean } from '../src/core/edges/boxMean.ts';
import { PLAIN_EDGE } from '../src/core/edges/edgeSettings.ts';
for (const [size, r] of [[{ width: 1920, height: 1080 }, 400], [{ width: 854, height: 480 }, 120]] as const) {
  const { mask, picture } = paintDisc(size, r);
  for (let i = 0; i < 4; i++) {
    let t = performance.now(); const lap = () => { const n = performance.now(); const d = n - t; t = n; return d.toFixed(0); };
    alphaOf(mask, { ...PLAIN_EDGE, detail: 16 }, picture); const all = lap();
    const area = areaOf(mask, 16)!; const hard = patchOf(mask, area); const patch = lap();
    squaredDistances(hard.values, 1, area); squaredDistances(hard.values, 0, area); const dist = lap();
    const p = Float32Array.from(hard.values); const from = lap();
    const g = [0, 1, 2].map(() => p.map((v, at) => v * .3 + (at % 7) / 20)) as any; lap();
    boxMean(p, area, 16); const box = lap();
    guidedFilter(p, g, area, 16, 1e-4); const gf = lap();
    console.log(size.width, { all, patch, dist, from, box, gf });
  }
}
