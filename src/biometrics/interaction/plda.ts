/** Two-covariance PLDA (Brümmer and de Villiers 2010): people differ by B, one person from one time to the next by W. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { Distance, Features } from './fixed-text.js';
import { columns, dot, mean } from './statistics.js';

/** Share of a covariance that is taken from its diagonal: features are about as many as people. */
const SHRINKAGE = 0.1;
/** Least variance of a log time (a scale of 0.01, squared): keeps every covariance invertible. */
const LEAST_VARIANCE = 1e-4;

/** Fits the population; then, of a user's repetitions, the distance of a probe. */
export function fitPlda(
  background: readonly (readonly Features[])[],
): (enrolled: readonly Features[]) => Distance {
  const means = background.map((samples) => columns(samples).map(mean));
  const centre = columns(means).map(mean);
  const within = covariance(background.flatMap((samples, user) => residuals(samples, means[user] ?? centre)));
  const between = covariance(around(means, centre));
  const withinInverse = inverse(within);
  const betweenInverse = inverse(between);
  const anybody = inverse(Matrix.add(between, within)).to2DArray();

  return (enrolled) => {
    const samples = around(enrolled, centre);
    const posterior = inverse(Matrix.add(Matrix.mul(withinInverse, samples.length), betweenInverse));
    const sum = Matrix.columnVector(columns(samples).map((values) => values.reduce((a, b) => a + b, 0)));
    const expected = posterior.mmul(withinInverse).mmul(sum).to1DArray();
    const own = inverse(Matrix.add(posterior, within)).to2DArray();
    return (probe) => {
      const x = probe.map((value, index) => value - (centre[index] ?? 0));
      const fromOwn = x.map((value, index) => value - (expected[index] ?? 0));
      return quadratic(own, fromOwn) - quadratic(anybody, x);
    };
  };
}

function around(vectors: readonly Features[], at: Features): number[][] {
  return vectors.map((vector) => vector.map((value, index) => value - (at[index] ?? 0)));
}

/** What differs within one person, with Bessel's correction for the mean that was taken from the same samples. */
function residuals(samples: readonly Features[], centre: Features): number[][] {
  const correction = Math.sqrt(samples.length / Math.max(samples.length - 1, 1));
  return around(samples, centre).map((vector) => vector.map((value) => value * correction));
}

/** Second moments of centred vectors, shrunk to their diagonal. */
function covariance(centred: readonly (readonly number[])[]): Matrix {
  const features = columns(centred);
  return new Matrix(
    features.map((one, row) =>
      features.map((other, column) => {
        const moment = dot(one, other) / centred.length;
        return row === column ? Math.max(moment, LEAST_VARIANCE) : (1 - SHRINKAGE) * moment;
      }),
    ),
  );
}

/** Of a symmetric positive definite matrix; symmetric to the last bit, as the next decomposition wants it. */
function inverse(matrix: Matrix): Matrix {
  const solved = new CholeskyDecomposition(matrix).solve(Matrix.eye(matrix.rows));
  return Matrix.add(solved, solved.transpose()).mul(0.5);
}

/** x' M x, by the rows of M. */
function quadratic(rows: readonly (readonly number[])[], x: readonly number[]): number {
  return dot(
    rows.map((row) => dot(row, x)),
    x,
  );
}
