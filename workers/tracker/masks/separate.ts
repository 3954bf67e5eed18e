/** In the place of a claim's index. */
const NOBODY = 0xffff;
const OWNER = 0xfffe;

/**
 * Settles which of several objects each cell belongs to. Where more than one claims it, the highest logit wins and the
 * others are lowered to the winner's negative: then the sum of any two is nowhere above zero, and stays so when the
 * logits are enlarged linearly, so that the masks cannot overlap in the clip's pixels either. (SAM 2 lowers the others to −10 at
 * most; beside a winner above 10 that lets them touch.)
 *
 * @param claims logits of objects that may lose cells, all on one grid
 * @param owned logits of objects that keep what they have, whatever others claim
 * @returns the claims in their order; those that lost nothing are the very arrays
 */
export function separateLogits(
  claims: readonly Float32Array[],
  owned: readonly Float32Array[] = [],
): Float32Array[] {
  if (claims.length + owned.length < 2) return [...claims];
  const cells = claims[0]?.length ?? 0;
  const best = new Float32Array(cells);
  for (const logits of owned)
    for (let cell = 0; cell < cells; cell++) best[cell] = Math.max(best[cell] ?? 0, logits[cell] ?? 0);
  const winners = new Uint16Array(cells).fill(NOBODY);
  for (let cell = 0; cell < cells; cell++) if ((best[cell] ?? 0) > 0) winners[cell] = OWNER;
  claims.forEach((logits, claim) => {
    for (let cell = 0; cell < cells; cell++) {
      const logit = logits[cell] ?? 0;
      if (logit <= (best[cell] ?? 0) || winners[cell] === OWNER) continue;
      best[cell] = logit;
      winners[cell] = claim;
    }
  });
  const claimed = new Uint32Array(cells);
  let count = 0;
  for (let cell = 0; cell < cells; cell++) if (winners[cell] !== NOBODY) claimed[count++] = cell;
  return claims.map((logits, claim) => {
    let separated = logits;
    for (let i = 0; i < count; i++) {
      const cell = claimed[i] ?? 0;
      const most = best[cell] ?? 0;
      if (winners[cell] === claim || (logits[cell] ?? 0) <= -most) continue;
      if (separated === logits) separated = logits.slice();
      separated[cell] = -most;
    }
    return separated;
  });
}
