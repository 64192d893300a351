// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.util.List;
import java.util.Random;

/** Who visits: two groups that share no name, no page and no form value. */
enum Audience {
  /** From these the model is learned. */
  TRAINING(
      0,
      List.of(1, 3, 9),
      List.of("anna", "bruno", "carla", "dino", "elena", "fabio", "gina", "hugo"),
      List.of("red", "green", "valve", "motor", "night", "water", "page", "pump", "door", "heat"),
      List.of("curl/7.88.1", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101")),
  /** These show whether the model raises false alarms. */
  TEST(
      1,
      List.of(6),
      List.of("ingrid", "jörg", "katharina", "luca", "mia-sophie", "nils", "oda", "pascal", "q"),
      List.of("blue", "yellow", "sluice", "turbine", "morning", "oil", "chapter", "gate", "light"),
      List.of("Wget/1.21.3", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)", "okhttp"));

  private final int half;
  private final List<Integer> concurrency;
  private final List<String> names;
  private final List<String> words;
  private final List<String> agents;

  Audience(
      int half,
      List<Integer> concurrency,
      List<String> names,
      List<String> words,
      List<String> agents) {
    this.half = half;
    this.concurrency = concurrency;
    this.names = names;
    this.words = words;
    this.agents = agents;
  }

  /** 0 or 1: which half of the numbered things is theirs. */
  int half() {
    return half;
  }

  /** How many of them come at a time, at first, then, and so on, for as many visits each. */
  List<Integer> concurrency() {
    return concurrency;
  }

  String name(Random random) {
    return names.get(random.nextInt(names.size())) + random.nextInt(1000);
  }

  String word(Random random) {
    return words.get(random.nextInt(words.size()));
  }

  /** So many words with blanks between. */
  String words(Random random, int count) {
    StringBuilder text = new StringBuilder(word(random));
    for (int i = 1; i < count; i++) {
      text.append(' ').append(word(random));
    }
    return text.toString();
  }

  String agent(Random random) {
    return agents.get(random.nextInt(agents.size()));
  }
}
