/** Roofs, poplars and wheat of the plain, drawn in three strokes: the page is the village's, not an office's. */
export function Village() {
  return (
    <svg className="village" viewBox="0 0 390 72" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <path className="far" d="M0 52c40-10 70-6 110-2s80-8 130-4 90 6 150-2v28H0Z" />
      <path
        className="houses"
        d="M22 72V46l-4 1 26-15 26 15-4-1v26ZM78 72V54l-3 .5L94 43l19 11.5-3-.5v18ZM150 72V42h-5l8-9h46l8 9h-5v30ZM236 72V50l-4 1 22-13 22 13-4-1v22ZM292 72V44h-4l7-8h40l7 8h-4v28ZM126 72V50c-6-2-7-9-4-13s2-12 5-17c3 5 2 13 5 17s2 11-3 13v22ZM220 72V54c-5-2-6-8-3-11s2-10 4-14c3 4 2 10 4 14s2 9-2 11v18ZM364 72V48c-7-2-8-10-4-14s2-13 5-18c3 5 2 14 6 18s2 12-4 14v24Z"
      />
      <path className="near" d="M0 66c60-6 120 2 190-1s140-4 200 1v6H0Z" />
    </svg>
  );
}
