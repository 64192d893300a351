// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import java.util.Arrays;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/** Engines that no tag should be scored by. */
enum BadEngine implements ScorerEngine {
  REFUSES {
    @Override
    public Scorer open(Model model) throws ModelException {
      throw new ModelException(model.origin() + ": not today");
    }
  },
  THROWS_AT_OPENING {
    @Override
    public Scorer open(Model model) {
      throw new IllegalStateException("broken");
    }
  },
  THROWS {
    @Override
    public Scorer open(Model model) {
      return new Failing(
          0,
          () -> {
            throw new IllegalStateException("broken");
          });
    }
  },
  GIVES_NAN {
    @Override
    public Scorer open(Model model) {
      return new Failing(0, () -> Float.NaN);
    }
  },
  GIVES_NAN_LATER {
    @Override
    public Scorer open(Model model) {
      return new Failing(CALLS_BEFORE, () -> Float.NaN);
    }
  };

  /** Beyond the player's rehearsals: it fails in service. */
  static final int CALLS_BEFORE = 200;

  /** What it answers from some call on. */
  interface Answer {
    float surprise();
  }

  private static final class Failing implements Scorer {
    private final int good;
    private final Answer answer;
    private int calls;

    Failing(int good, Answer answer) {
      this.good = good;
      this.answer = answer;
    }

    @Override
    public void score(short[] classes, int rows, float[] surprise) {
      Arrays.fill(surprise, 0, rows, calls++ < good ? 0.001f : answer.surprise());
    }

    @Override
    public void close() {}
  }
}
