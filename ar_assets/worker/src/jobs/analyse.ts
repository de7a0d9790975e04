// Counts of a GLB, without changing it.

import { readGlb } from '../documents.ts';
import { type Statistics, statisticsOf } from '../statistics.ts';

export async function analyse(request: { source: string }): Promise<Statistics> {
  return statisticsOf(await readGlb(request.source));
}
