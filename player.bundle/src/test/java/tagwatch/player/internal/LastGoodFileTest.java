// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.player.Gate;

/** The last-good set under a process that is killed. */
class LastGoodFileTest {
  private static final int KILLS = 12;
  private static final int TAG = 7;

  @TempDir Path state;

  /** Swaps for ever; each set can be told whole from mixed. */
  static final class Swapping {
    public static void main(String[] args) throws Exception {
      Path state = Path.of(args[0]);
      LastGoodFile file = new LastGoodFile(state);
      ModelArchive archive = new ModelArchive(state);
      System.out.println("swaps");
      for (int i = 0; ; i++) {
        StoredModel model = model(state.resolve("new"), i % 50);
        String key = archive.keep(model);
        String version = model.manifest().version();
        file.change(
            TAG,
            it ->
                it.incumbent(version, key)
                    .gate(version, Gate.ENFORCE)
                    .with("e" + version, "t" + version, "live", "p" + version));
        LastGood set = file.of(TAG);
        archive.retain(TAG, Set.of(set.content(), set.beforeContent()));
      }
    }
  }

  private static StoredModel model(Path folder, int number) throws Exception {
    Files.createDirectories(folder);
    byte[] content = {1, 2, (byte) number};
    Files.write(folder.resolve("model.bin"), content);
    String sha256 = StoredModel.sha256(ByteBuffer.wrap(content));
    String json = Scene.model("m" + number, 3, 10, 1).manifest().json();
    Path manifest = folder.resolve(ModelManifest.FILE);
    Files.writeString(manifest, json.replace("\"00\"", '"' + sha256 + '"'));
    return StoredModel.read(manifest);
  }

  @Test
  void shouldAlwaysFindACompleteSetAfterAKill() throws Exception {
    SplittableRandom random = new SplittableRandom();
    for (int kill = 0; kill < KILLS; kill++) {
      Process swapping =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx32m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Swapping.class.getName(),
                  state.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        assertThat(swapping.getInputStream().read()).isEqualTo('s');
        Thread.sleep(random.nextInt(150));
      } finally {
        swapping.destroyForcibly().waitFor();
      }
      if (Files.exists(state.resolve("tags.json"))) {
        assertWhole(new LastGoodFile(state).of(TAG), "kill " + kill);
      }
    }
  }

  private void assertWhole(LastGood set, String what) {
    String version = set.model();
    assertThat(version).as(what).isNotEmpty();
    assertThat(set.engine()).as(what).isEqualTo("e" + version);
    assertThat(set.transport()).as(what).isEqualTo("t" + version);
    assertThat(set.policy()).as(what).isEqualTo("p" + version);
    assertThat(set.gates().get(version)).as(what).isEqualTo(Gate.ENFORCE);
    assertThat(new ModelArchive(state).find(TAG, set.content()).orElseThrow().manifest().version())
        .as(what)
        .isEqualTo(version);
  }

  @Test
  void shouldReadTheSetBeforeWhenTheLastOneIsTorn() throws Exception {
    LastGoodFile file = new LastGoodFile(state);
    file.change(TAG, it -> it.incumbent("m1", "k1"));
    file.change(TAG, it -> it.incumbent("m2", "k2"));
    Path last = state.resolve("tags.json");
    byte[] bytes = Files.readAllBytes(last);
    Files.write(last, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(new LastGoodFile(state).of(TAG).model()).isEqualTo("m1");
    Files.delete(last);
    assertThat(new LastGoodFile(state).of(TAG).model()).isEqualTo("m1");
    Files.writeString(state.resolve("tags.json.before"), "{");
    assertThat(new LastGoodFile(state).of(TAG)).isEqualTo(LastGood.NOTHING);
  }
}
