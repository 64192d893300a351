// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tagwatch.cli.FileAnatomy.Kind;
import tagwatch.cli.FileAnatomy.Place;

/**
 * Changes a good file in a few places that mean something. The same seed and number give the same
 * mutant, on every machine.
 */
final class Mutation {
  private static final int MOST_CHANGES = 4;
  private static final int[] TELLING = {
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    16,
    17,
    31,
    32,
    33,
    63,
    64,
    127,
    128,
    255,
    256,
    1 << 10,
    1 << 16,
    1 << 20,
    1 << 24,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    -1,
    -2,
    -4,
    -128,
    0x7fc00000,
    0x7f800000,
    0x3f800000,
    0x00000001
  };

  private final byte[] base;
  private final List<Place> places;
  private final List<Place> scalars;
  private final List<Place> elements;
  private final List<Place> weights;

  Mutation(byte[] base) {
    this.base = base.clone();
    places = FileAnatomy.of(base);
    scalars = of(Kind.SCALAR);
    elements = of(Kind.ELEMENT);
    weights = of(Kind.CONTENT);
  }

  private List<Place> of(Kind kind) {
    return places.stream().filter(place -> place.kind() == kind).toList();
  }

  /** The mutant with that number. */
  byte[] mutant(long seed, long number) {
    // java.util.Random is specified to the bit; neighbouring seeds are spread by the constant
    Random random = new Random((seed * 0x9E3779B97F4A7C15L) ^ (number * 0xD1B54A32D192ED03L));
    ByteBuffer bytes = ByteBuffer.wrap(base.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int changes = random.nextBoolean() ? 1 : 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      change(bytes, random);
    }
    byte[] mutant = bytes.array();
    return random.nextInt(40) == 0 ? Arrays.copyOf(mutant, random.nextInt(mutant.length)) : mutant;
  }

  private void change(ByteBuffer bytes, Random random) {
    switch (random.nextInt(12)) {
      case 0 -> bytes.put(random.nextInt(bytes.limit()), (byte) random.nextInt(256));
      case 1 -> everywhere(bytes, random);
      case 2 -> exchange(bytes, one(elements, random), one(elements, random));
      case 3 -> weight(bytes, random);
      case 4 -> exchangeAlike(bytes, random);
      case 5, 6 -> number(bytes, one(elements, random), random);
      case 7, 8 -> number(bytes, one(scalars, random), random);
      default -> number(bytes, one(places, random), random);
    }
  }

  private static Place one(List<Place> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private void number(ByteBuffer bytes, Place place, Random random) {
    long old = get(bytes, place);
    long value =
        switch (random.nextInt(5)) {
          case 0 -> old + (random.nextBoolean() ? 1 : -1);
          case 1 -> get(bytes, one(places, random));
          case 2 -> old ^ (1L << random.nextInt(Byte.SIZE * Math.min(place.size(), Long.BYTES)));
          case 3 -> old + 4L * (random.nextInt(9) - 4);
          default -> TELLING[random.nextInt(TELLING.length)];
        };
    put(bytes, place, value);
  }

  /** A size that stands in many shapes, changed in all of them: each shape still fits the next. */
  private void everywhere(ByteBuffer bytes, Random random) {
    long old = get(bytes, one(elements, random));
    long value = TELLING[random.nextInt(TELLING.length)];
    for (Place place : places) {
      boolean number = place.kind() == Kind.ELEMENT || place.kind() == Kind.CONTENT;
      if (number && place.size() == Integer.BYTES && get(bytes, place) == old) {
        put(bytes, place, value);
      }
    }
  }

  /** Two places of the same kind in different tables: another tensor's buffer, another's type. */
  private void exchangeAlike(ByteBuffer bytes, Random random) {
    Place first = one(places, random);
    String name = name(first);
    List<Place> alike =
        places.stream()
            .filter(place -> place.kind() == first.kind() && name(place).equals(name))
            .toList();
    exchange(bytes, first, one(alike, random));
  }

  private static String name(Place place) {
    return place.path().substring(place.path().lastIndexOf('.') + 1);
  }

  private static void exchange(ByteBuffer bytes, Place first, Place second) {
    long value = get(bytes, first);
    put(bytes, first, get(bytes, second));
    put(bytes, second, value);
  }

  private void weight(ByteBuffer bytes, Random random) {
    Place place = one(weights, random);
    int at = place.at() + random.nextInt(place.size());
    int length = Math.min(1 + random.nextInt(16), place.at() + place.size() - at);
    for (int i = 0; i < length; i++) {
      bytes.put(at + i, (byte) random.nextInt(256));
    }
  }

  private static long get(ByteBuffer bytes, Place place) {
    return switch (place.size()) {
      case Byte.BYTES -> bytes.get(place.at());
      case Short.BYTES -> bytes.getShort(place.at());
      case Integer.BYTES -> bytes.getInt(place.at());
      default -> bytes.getLong(place.at());
    };
  }

  private static void put(ByteBuffer bytes, Place place, long value) {
    switch (place.size()) {
      case Byte.BYTES -> bytes.put(place.at(), (byte) value);
      case Short.BYTES -> bytes.putShort(place.at(), (short) value);
      case Integer.BYTES -> bytes.putInt(place.at(), (int) value);
      default -> bytes.putLong(place.at(), value);
    }
  }

  /** Window and classes of the base, as its input has them. */
  int[] input() {
    int[] inputs = FileAnatomy.numbers(base, places, "model.subgraphs[0].inputs");
    int[] shape =
        inputs.length == 1
            ? FileAnatomy.numbers(
                base, places, "model.subgraphs[0].tensors[" + inputs[0] + "].shape")
            : new int[0];
    return shape.length == 3 ? new int[] {shape[1], shape[2]} : new int[0];
  }
}
