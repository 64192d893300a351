// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GogoLineTest {
  /** A command of the real shell that keeps what arrives. */
  public static final class Heard {
    final List<String> words = new ArrayList<>();

    /** Called by the shell. */
    public void learn(String... arguments) {
      words.addAll(List.of(arguments));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "/var/lib/a-b_c.twr",
        "with blank",
        "it's",
        "say \"so\"",
        "$(tagwatch:unload)",
        "${x}",
        "a;b|c&d",
        "back\\slash",
        "{block}",
        "[list]",
        "(sub)",
        "#comment",
        "tab\tand\nline",
        "k=v",
        "~",
        "*",
        "!x",
        "%x",
        "@x",
        "jörg",
        "crab \uD83E\uDD80",
        "",
        "quantile:0.99",
        "--tag"
      })
  void shouldArriveInTheShellAsItWasTyped(String word) throws Exception {
    assertThat(hear(new GogoLine("learn").word(word).word("end"))).containsExactly(word, "end");
  }

  @Test
  void shouldLeaveOutWhatIsNotGiven() {
    assertThat(new GogoLine("learn").option("--order", null).flag("--json", false))
        .hasToString("tagwatch:learn");
    assertThat(new GogoLine("learn").option("--order", 5).flag("--json", true))
        .hasToString("tagwatch:learn --order 5 --json");
  }

  private static List<String> hear(GogoLine line) throws Exception {
    ThreadIOImpl io = new ThreadIOImpl();
    io.start();
    Heard heard = new Heard();
    CommandProcessorImpl shell = new CommandProcessorImpl(io);
    shell.addCommand("tagwatch", heard, "learn");
    InputStream none = new ByteArrayInputStream(new byte[0]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CommandSession session = shell.createSession(none, out, out)) {
      session.execute(line.toString());
    } finally {
      shell.stop();
      io.stop();
    }
    return heard.words;
  }
}
