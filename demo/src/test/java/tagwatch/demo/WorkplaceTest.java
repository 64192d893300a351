// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkplaceTest {
  private static final DemoOptions OPTIONS = DemoOptions.with(Path.of("runtime.jar")).build();

  @Test
  void shouldEndEverythingOnceInReverseOrderAndGoOnAfterAFailure() throws Exception {
    List<String> ended = new ArrayList<>();
    Workplace workplace = Workplace.open(OPTIONS);
    workplace.atEnd(() -> ended.add("first"));
    workplace.atEnd(
        () -> {
          throw new IOException("a part that fails on purpose");
        });
    workplace.atEnd(() -> ended.add("last"));
    workplace.close();
    workplace.close();
    assertThat(ended).containsExactly("last", "first");
  }

  @Test
  void shouldEndAtOnceWhatComesAfterTheEnd() throws Exception {
    List<String> ended = new ArrayList<>();
    Workplace workplace = Workplace.open(OPTIONS);
    workplace.close();
    workplace.atEnd(() -> ended.add("late"));
    assertThat(ended).containsExactly("late");
  }

  @Test
  void shouldDeleteItsFolder() throws Exception {
    Workplace workplace = Workplace.open(OPTIONS);
    Files.createDirectories(workplace.folder().resolve("a/b"));
    Files.writeString(workplace.folder().resolve("a/b/c"), "c");
    workplace.close();
    assertThat(workplace.folder()).doesNotExist();
  }

  @Test
  void shouldKeepTheFolderThatItWasGiven(@TempDir Path keep) throws Exception {
    Workplace workplace =
        Workplace.open(DemoOptions.with(Path.of("runtime.jar")).keep(keep).build());
    workplace.close();
    assertThat(workplace.folder()).isDirectory().hasParent(keep.toRealPath());
  }
}
