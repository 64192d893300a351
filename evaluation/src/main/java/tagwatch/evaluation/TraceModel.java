// SPDX-License-Identifier: Apache-2.0
package tagwatch.evaluation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import tagwatch.scorer.LearnedModel;
import tagwatch.scorer.Model;

/** A model that was learned from traces, as its engine sees it. */
record TraceModel(String origin, int classes, LearnedModel learned) implements Model {
  @Override
  public int window() {
    return learned.window();
  }

  @Override
  public ByteBuffer content() {
    return learned.content().asReadOnlyBuffer().rewind().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }
}
