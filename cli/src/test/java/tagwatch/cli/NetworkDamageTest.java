// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tagwatch.cli.FileAnatomy.Kind;
import tagwatch.cli.FileAnatomy.Place;
import tagwatch.scorer.tflite.ModelGuard;

/** One thing wrong with a network, and what the guard says about it. */
final class NetworkDamageTest {

  private static byte[] network() throws IOException {
    try (InputStream in = NetworkDamageTest.class.getResourceAsStream("cnn-int8.tflite")) {
      return in.readAllBytes();
    }
  }

  private static void check(byte[] file) {
    ModelGuard.check(ByteBuffer.wrap(file), 10, 16);
  }

  @Test
  void shouldLetTheUndamagedOnePass() throws Exception {
    check(network());
    assertThat(FileAnatomy.of(network())).hasSizeGreaterThan(500);
  }

  @ParameterizedTest(name = "{0} {1} {2} = {3}")
  @CsvSource({
    "SCALAR, version, 0, 4, model: version: found 4",
    "LENGTH, subgraphs, 0, 2, model: subgraphs",
    "LENGTH, subgraphs[0].inputs, 0, 2, subgraph: inputs",
    "ELEMENT, subgraphs[0].inputs, 0, 99, tensor 99",
    "SCALAR, operator_codes[1].version, 0, 77, version: found 77",
    "SCALAR, operator_codes[1].builtin_code, 0, 32, built-in operator 32",
    "SCALAR, subgraphs[0].operators[1].opcode_index, 0, 50, operator code: found 50",
    "ELEMENT, subgraphs[0].operators[1].inputs, 0, 10, not computed",
    "ELEMENT, subgraphs[0].operators[1].inputs, 1, -1, operator 1",
    "ELEMENT, subgraphs[0].operators[0].inputs, 1, -1, operator 0 RESHAPE: input 1: found tensor -1",
    "ELEMENT, subgraphs[0].operators[1].inputs, 2, 1, operator 1 CONV_2D: input 2",
    "ELEMENT, subgraphs[0].operators[1].outputs, 0, 1, operator 1",
    "SCALAR, subgraphs[0].operators[1].builtin_options.stride_w, 0, 0, stride: found 0",
    "SCALAR, subgraphs[0].operators[1].builtin_options.function, 0, 9, fused function: found 9",
    "ELEMENT, subgraphs[0].tensors[0].shape, 1, 11, tensor 0 'input'",
    "ELEMENT, subgraphs[0].tensors[0].shape, 2, 2147483647, tensor 0 'input': shape",
    "SCALAR, subgraphs[0].tensors[3].type, 0, 5, tensor 3",
    "SCALAR, subgraphs[0].tensors[3].buffer, 0, 4000, buffer: found 4000",
    "ELEMENT, subgraphs[0].tensors[3].quantization.scale, 0, 2143289344, scale 0: found NaN",
    "ELEMENT, subgraphs[0].tensors[3].quantization.zero_point, 0, 5, zero point 0: found 5",
    "LENGTH, subgraphs[0].tensors[3].quantization.scale, 0, 0, scales: found 0",
    "OFFSET, buffers[2].data, 0, 2000000000, truncated?"
  })
  void shouldNameThePartAndWhatWasFound(
      Kind kind, String path, int element, long value, String reason) throws Exception {
    byte[] file = network();
    List<Place> places =
        FileAnatomy.of(file).stream()
            .filter(it -> it.kind() == kind && it.path().equals("model." + path))
            .toList();
    assertThat(places).as(path).hasSizeGreaterThan(element);
    Place place = places.get(element);
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    switch (place.size()) {
      case Byte.BYTES -> bytes.put(place.at(), (byte) value);
      case Long.BYTES -> bytes.putLong(place.at(), value);
      default -> bytes.putInt(place.at(), (int) value);
    }

    assertThatThrownBy(() -> check(file)).hasMessageContaining(reason);
  }

  @Test
  void shouldRefuseAnyTruncation() throws Exception {
    byte[] file = network();
    for (int length = 0; length < file.length; length += 97) {
      byte[] part = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> check(part)).as("%d bytes", length).hasMessageContaining("found");
    }
  }
}
