// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/**
 * Whatever the kernel's side sends, the decoder answers with values or with the one exception that
 * it documents. {@code TAGWATCH_FUZZ} says how many inputs; 10 million take about half a minute.
 */
class DecoderFuzzTest {
  private static final long INPUTS =
      Long.parseLong(System.getenv().getOrDefault("TAGWATCH_FUZZ", "300000"));
  private static final long SEED = 20260117;

  private final Random random = new Random(SEED);
  private long read;
  private long refused;

  @Test
  void shouldThrowNothingButTheDocumentedException() {
    List<byte[]> specimens = new Specimens(random).all();
    for (long i = 0; i < INPUTS; i++) {
      if (i % 1000 == 0) {
        specimens = new Specimens(random).all();
      }
      byte[] input = mutated(specimens.get(random.nextInt(specimens.size())));
      try {
        Specimens.read(new UnsafeBuffer(input), input.length);
        read++;
      } catch (MalformedMessageException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("input " + i + " of seed " + SEED, e);
      }
    }
    System.out.printf("%d inputs: %d read, %d refused%n", INPUTS, read, refused);
    // else the mutations are too weak or too strong to say anything
    assertThat(read).isGreaterThan(INPUTS / 10);
    assertThat(refused).isGreaterThan(INPUTS / 10);
  }

  @Test
  void shouldReadEverySpecimen() {
    for (int i = 0; i < 1000; i++) {
      List<byte[]> specimens = new Specimens(new Random(i)).all();
      for (byte[] specimen : specimens.subList(1, specimens.size())) {
        Specimens.read(new UnsafeBuffer(specimen), specimen.length);
      }
    }
  }

  private byte[] mutated(byte[] specimen) {
    byte[] bytes = specimen.clone();
    switch (random.nextInt(6)) {
      case 0 -> bytes = resized(bytes, random.nextInt(bytes.length + 1));
      case 1 -> bytes = resized(bytes, bytes.length + random.nextInt(64));
      case 2 -> random.nextBytes(bytes);
      default -> {
        // one of the first bytes, where counts and sizes lie, as often as any
        for (int i = random.nextInt(4); i >= 0; i--) {
          int range = random.nextBoolean() ? Math.min(128, bytes.length) : bytes.length;
          bytes[random.nextInt(range)] = (byte) interesting();
        }
      }
    }
    return bytes;
  }

  private int interesting() {
    return switch (random.nextInt(5)) {
      case 0 -> 0;
      case 1 -> 0xff;
      case 2 -> 0x7f;
      case 3 -> 0x80;
      default -> random.nextInt(256);
    };
  }

  private static byte[] resized(byte[] bytes, int length) {
    byte[] resized = new byte[length];
    System.arraycopy(bytes, 0, resized, 0, Math.min(length, bytes.length));
    return resized;
  }
}
