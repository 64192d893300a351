// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tagwatch.event.Hook;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.transport.ChannelProvider;

/**
 * What the kernel's side speaks, as it said when it was asked.
 *
 * @param extended whether it speaks the extended protocol
 * @param vocabulary its hooks
 * @param deniable ids of the hooks that a deny verdict can refuse
 * @param verdicts that it can carry out
 */
record Spoken(
    boolean extended, Vocabulary vocabulary, Set<Integer> deniable, Set<Verdict.Kind> verdicts) {

  private static final String RESOURCE = "exein-2020.vocabulary";
  private static final int FIRST_HOOK = 3;

  /** The protocol of 2020, whose hooks have fixed ids. */
  static final Spoken YEAR_2020 =
      new Spoken(
          false,
          new Vocabulary("exein-2020", Map.of(), table()),
          Set.of(),
          EnumSet.of(Verdict.Kind.ALERT, Verdict.Kind.KILL));

  private static List<Hook> table() {
    List<Hook> hooks = new ArrayList<>();
    try (InputStream resource = Spoken.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(resource, StandardCharsets.US_ASCII))) {
      for (String line : (Iterable<String>) lines.lines()::iterator) {
        int comma = line.indexOf(',');
        if (comma < 0 || line.startsWith("#")) {
          continue;
        }
        int id = Integer.parseInt(line.substring(0, comma));
        if (id >= FIRST_HOOK) {
          hooks.add(new Hook(id, line.substring(comma + 1), List.of()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return hooks;
  }

  /**
   * Asks the kernel's side; {@link #YEAR_2020} if nobody answers in the extended protocol.
   *
   * @throws IOException if there is no channel to it, or it refuses to speak with this agent
   */
  static Spoken ask(ChannelProvider provider, Settings settings) throws IOException {
    try (Line line =
        new Line(
            provider.open(settings.channel()),
            (type, flags, sequence, buffer, offset, length) -> {
              // the acknowledgement of a kernel side of 2020
            })) {
      Exchange exchange = new Exchange();
      if (!Registrar.hello(line, exchange)) {
        return YEAR_2020;
      }
      Hello hello = new Hello().wrap(exchange.bytes(), 0, exchange.length());
      EnumSet<Verdict.Kind> verdicts = EnumSet.of(Verdict.Kind.ALERT);
      for (Verdict.Kind kind : EnumSet.complementOf(EnumSet.of(Verdict.Kind.ALERT))) {
        if (hello.has(Verdicts.number(kind))) {
          verdicts.add(kind);
        }
      }
      return hooks(line, verdicts);
    } catch (MalformedMessageException e) {
      throw new IOException("hello: " + e.getMessage(), e);
    }
  }

  private static Spoken hooks(Line line, Set<Verdict.Kind> verdicts) throws IOException {
    List<Hook> hooks = new ArrayList<>();
    Set<Integer> deniable = new HashSet<>();
    HookRecord record = new HookRecord();
    Pages pages = new Pages();
    pages.walk(
        line::ask,
        Protocol.HOOKS,
        0,
        0,
        0,
        HookRecord.SIZE,
        (at, size) -> {
          Hook hook = record.wrap(pages.exchange().bytes(), at, size).hook();
          hooks.add(hook);
          if (record.canDeny()) {
            deniable.add(hook.id());
          }
        });
    try {
      return new Spoken(true, new Vocabulary("linux-lsm", Map.of(), hooks), deniable, verdicts);
    } catch (IllegalArgumentException e) {
      throw new IOException("the kernel side's vocabulary: " + e.getMessage(), e);
    }
  }

  /** How many features its hooks have in all. */
  int features() {
    return vocabulary.hooks().stream().mapToInt(hook -> hook.features().size()).sum();
  }
}
