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
  const separated = [...claims];
  if (claims.length + owned.length < 2) return separated;
  const cells = claims[0]?.length ?? 0;
  for (let cell = 0; cell < cells; cell++) {
    let owner = 0;
    for (const logits of owned) owner = Math.max(owner, logits[cell] ?? 0);
    let best = owner;
    let winner = -1;
    claims.forEach((logits, i) => {
      const logit = logits[cell] ?? 0;
      if (owner > 0 || logit <= best) return;
      best = logit;
      winner = i;
    });
    if (best <= 0) continue;
    claims.forEach((logits, i) => {
      if (i === winner || (logits[cell] ?? 0) <= -best) return;
      const changed = separated[i] === logits ? (separated[i] = logits.slice()) : separated[i];
      if (changed) changed[cell] = -best;
    });
  }
  return separated;
}
