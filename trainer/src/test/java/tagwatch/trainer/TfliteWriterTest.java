// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.lite.schema.Model;
import org.tensorflow.lite.schema.Operator;
import org.tensorflow.lite.schema.SubGraph;
import tagwatch.scorer.ModelException;
import tagwatch.scorer.tflite.TfliteEngine;

class TfliteWriterTest {
  private static final Topology TOPOLOGY = new Topology(10, 6, 32);

  private final Weights weights = Weights.random(TOPOLOGY, 9);
  private final Rows rows = Rows.of(Sequences.server(3), TOPOLOGY.window(), false);

  private Agreement agreement(ByteBuffer content) throws ModelException {
    Network network = new Network(Torch.start(Workshop.LIBRARIES), TOPOLOGY);
    return Agreement.of(new TfliteEngine(), content, network, weights, rows);
  }

  @Test
  void shouldBeReadByTheEngineAsItWasLearned() throws Exception {
    Agreement agreement = agreement(TfliteWriter.write(weights, WeightFormat.FLOAT));

    assertThat(agreement.rows()).isEqualTo(rows.distinct());
    assertThat(agreement.largest()).isLessThan(1e-5f);
  }

  @Test
  void shouldLoseLittleWithEightBits() throws Exception {
    Agreement agreement = agreement(TfliteWriter.write(weights, WeightFormat.INT8));

    assertThat(agreement.largest()).isBetween(1e-6f, 0.02f);
  }

  @Test
  void shouldRefuseAModelThatIsReadOtherwise() throws Exception {
    Weights others = Weights.random(TOPOLOGY, 10);
    Agreement agreement = agreement(TfliteWriter.write(others, WeightFormat.FLOAT));

    assertThatThrownBy(() -> agreement.require(WeightFormat.FLOAT))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("differs");
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void shouldLeaveTheNumberOfRowsOpenAndAlignWeights(WeightFormat format) {
    ByteBuffer content = TfliteWriter.write(weights, format);
    Model model = Model.getRootAsModel(content.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    SubGraph graph = model.subgraphs(0);

    for (int i = 0; i < graph.operatorsLength(); i++) {
      Operator operator = graph.operators(i);
      assertThat(graph.tensors(operator.outputs(0)).shapeSignature(0)).isEqualTo(-1);
    }
    ByteBuffer wanted = model.buffers((int) graph.tensors(1).buffer()).dataAsByteBuffer();
    assertThat(wanted.order(ByteOrder.LITTLE_ENDIAN).getInt())
        .as("rows that RESHAPE asks for")
        .isEqualTo(-1);
    for (int i = 0; i < model.buffersLength(); i++) {
      ByteBuffer data = model.buffers(i).dataAsByteBuffer();
      if (data != null) {
        assertThat(data.position() % 16).as("buffer " + i).isZero();
      }
    }
  }
}
