// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

/**
 * Adam (Kingma and Ba 2015, arXiv 1412.6980) on plain arrays. Not the framework's, because that one
 * keeps its moments to itself, and a training that is resumed without them takes another course.
 */
final class Adam {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-7;

  private final float[][] means;
  private final float[][] variances;
  private long steps;

  Adam(int[] sizes) {
    means = zeros(sizes);
    variances = zeros(sizes);
  }

  /** Goes on from a state; the arrays are taken over. */
  Adam(float[][] means, float[][] variances, long steps) {
    this.means = means;
    this.variances = variances;
    this.steps = steps;
  }

  static float[][] zeros(int[] sizes) {
    float[][] zeros = new float[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      zeros[i] = new float[sizes[i]];
    }
    return zeros;
  }

  /** Moves the weights against the gradients. */
  void step(float[][] weights, float[][] gradients, double rate) {
    steps++;
    double correction1 = 1 - StrictMath.pow(BETA_1, (double) steps);
    double correction2 = Math.sqrt(1 - StrictMath.pow(BETA_2, (double) steps));
    float pace = (float) (rate * correction2 / correction1);
    float epsilon = (float) (EPSILON * correction2);
    for (int t = 0; t < weights.length; t++) {
      step(weights[t], gradients[t], means[t], variances[t], pace, epsilon);
    }
  }

  private static void step(
      float[] weights, float[] gradients, float[] mean, float[] variance, float pace, float eps) {
    float beta1 = (float) BETA_1;
    float beta2 = (float) BETA_2;
    for (int i = 0; i < weights.length; i++) {
      float gradient = gradients[i];
      mean[i] = beta1 * mean[i] + (1 - beta1) * gradient;
      variance[i] = beta2 * variance[i] + (1 - beta2) * gradient * gradient;
      weights[i] -= pace * mean[i] / ((float) Math.sqrt(variance[i]) + eps);
    }
  }

  long steps() {
    return steps;
  }

  float[][] means() {
    return means;
  }

  float[][] variances() {
    return variances;
  }
}
