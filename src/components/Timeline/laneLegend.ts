/** What the marks on a lane mean. */
export const LANE_LEGEND: readonly (readonly [mark: string, meaning: string])[] = [
  ['Dot', 'Prompted'],
  ['Bar', 'Tracked; as high as the score'],
  ['Bright bar', 'Tracked, then decoded again in detail'],
  ['Pale bar', 'Filled in between tracked frames by Track fast'],
  ['Stripes', 'Stale: tracked before the last change'],
  ['Thin line', 'Not in the frame'],
  ['Yellow rail above', 'Doubtful: worth a look'],
  ['White rail below', 'Locked'],
  ['Green rail below', 'Reviewed: looks right'],
];
