// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import tagwatch.event.Vocabulary;
import tagwatch.scorer.Model;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.Scorer;
import tagwatch.scorer.ScorerEngine;

/** An engine whose rows the witness sees, with what they stand for. */
final class WitnessedEngine implements ScorerEngine {
  private static final int UNLISTED = 0;
  private static final Vocabulary NUMBERED = Numbering.vocabulary();

  private final ScorerEngine real;
  private final Supplier<Witness> witness;

  WitnessedEngine(ScorerEngine real, Supplier<Witness> witness) {
    this.real = real;
    this.witness = witness;
  }

  @Override
  public Scorer open(Model model) throws ModelException {
    Scorer scorer = real.open(model);
    if (!Files.exists(manifest(model))) {
      // it is just being learned: nothing of it is live
      return scorer;
    }
    try {
      return new Witnessed(scorer, witness.get(), model.window() + 1, hooks(model));
    } catch (IOException e) {
      scorer.close();
      throw new ModelException(model.origin() + ": " + e.getMessage(), e);
    }
  }

  /** The hook of each class, from the manifest beside the model's content. */
  private static int[] hooks(Model model) throws IOException {
    int[] hooks = new int[model.classes()];
    JsonObject manifest =
        JsonParser.parseString(Files.readString(manifest(model))).getAsJsonObject();
    int at = 0;
    for (JsonElement symbol : manifest.getAsJsonArray("symbols")) {
      hooks[at++] = NUMBERED.idOf(symbol.getAsString()).orElse(UNLISTED);
    }
    return hooks;
  }

  private static Path manifest(Model model) {
    return Path.of(model.origin(), "manifest.json");
  }

  private static final class Witnessed implements Scorer {
    private final Scorer real;
    private final Witness witness;
    private final int stride;
    private final int[] hooks;
    private final int[] row;
    private int[] located = new int[64];

    Witnessed(Scorer real, Witness witness, int stride, int[] hooks) {
      this.real = real;
      this.witness = witness;
      this.stride = stride;
      this.hooks = hooks;
      this.row = new int[stride];
    }

    @Override
    public void score(short[] classes, int rows, float[] surprise) {
      real.score(classes, rows, surprise);
      if (rows > located.length) {
        located = new int[rows];
      }
      for (int i = 0; i < rows; i++) {
        for (int at = 0; at < stride; at++) {
          row[at] = hooks[classes[i * stride + at]];
        }
        located[i] = stride < Numbering.NEEDED ? Numbering.NOWHERE : Numbering.locate(row, stride);
      }
      witness.scored(located, rows);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
