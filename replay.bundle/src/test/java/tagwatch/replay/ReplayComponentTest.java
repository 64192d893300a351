// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import tagwatch.transport.Finding;
import tagwatch.transport.Transport;

class ReplayComponentTest {
  @TempDir Path folder;
  private Framework framework;
  private BundleContext context;
  private Path good;

  @BeforeEach
  void launch() throws Exception {
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("framework").toString()));
    framework.start();
    context = framework.getBundleContext();
    good =
        Recordings.write(
            folder.resolve("good.rec"),
            writer -> writer.taskStarted(Recordings.start(7, Recordings.TAG, null)));
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  private List<ServiceReference<Transport>> services() throws Exception {
    return List.copyOf(context.getServiceReferences(Transport.class, "(transport.name=replay)"));
  }

  @Test
  void shouldRegisterATransportForAGoodFile() throws Exception {
    ReplayComponent component =
        new ReplayComponent(context, new Configured("fast", good.toString()));
    Transport transport = context.getService(services().get(0));
    assertThat(transport.vocabulary().name()).isEqualTo("v");
    assertThat(transport.probe())
        .singleElement()
        .satisfies(finding -> assertThat(finding.present()).isTrue())
        .extracting(Finding::detail)
        .asString()
        .contains("0 events, 1 tasks", "complete");
    component.deactivate();
    assertThat(services()).isEmpty();
  }

  @Test
  void shouldKeepThePreviousReplayWhenAConfigurationIsBad() throws Exception {
    byte[] flipped = Files.readAllBytes(good);
    flipped[flipped.length / 2] ^= 1;
    Path bad = Files.write(folder.resolve("bad.rec"), flipped);
    ReplayComponent component =
        new ReplayComponent(context, new Configured("fast", good.toString()));
    List<ServiceReference<Transport>> before = services();
    assertThat(before).hasSize(1);

    component.configure(new Configured("fast", bad.toString()));
    component.configure(new Configured("fast", folder.resolve("absent.rec").toString()));
    component.configure(new Configured("warp", good.toString()));
    component.configure(new Configured("fast", ""));
    component.configure(new Configured("fast", good.toString(), "many"));
    assertThat(services()).isEqualTo(before);

    component.configure(new Configured("recorded", good.toString()));
    assertThat(services()).hasSize(1).isNotEqualTo(before);
    component.deactivate();
  }

  @Test
  void shouldStartWithoutAServiceAndGetOneLater() throws Exception {
    ReplayComponent component = new ReplayComponent(context, new Configured("fast", "absent.rec"));
    assertThat(services()).isEmpty();
    component.configure(new Configured("fast", good.toString()));
    assertThat(services()).hasSize(1);
    component.deactivate();
  }

  @Test
  void shouldNameTheFieldThatIsWrong() {
    String[] file = {good.toString()};
    assertThatThrownBy(() -> ReplaySettings.of(file, "-3", 1, 1, 64))
        .hasMessage("speed is neither recorded nor fast nor a rate of events/s up to 1e9: -3");
    assertThatThrownBy(() -> ReplaySettings.of(file, "fast", -1, 1, 64))
        .hasMessage("loop out of range 0..2147483647: -1");
    assertThatThrownBy(() -> ReplaySettings.of(file, "fast", 1, 257, 64))
        .hasMessage("processes out of range 1..256: 257");
    assertThatThrownBy(() -> ReplaySettings.of(file, "fast", 1, 9, 8))
        .hasMessage("ring.capacity out of range 9..16777216: 8");
    assertThatThrownBy(() -> ReplaySettings.of(new String[0], "fast", 1, 1, 8))
        .hasMessageContaining("file is empty");
  }

  @Test
  void shouldNameTheFileThatIsWrong() throws IOException {
    Path absent = folder.resolve("absent.rec");
    assertThatThrownBy(() -> CheckedRecording.of(absent)).hasMessage(absent + ": no such file");
    Path empty = Files.createFile(folder.resolve("empty.rec"));
    assertThatThrownBy(() -> CheckedRecording.of(empty))
        .hasMessage(
            empty + ": header at offset 0: file of 0 bytes is shorter than a recording's header");
  }

  /** A configuration as SCR would give it. */
  @SuppressWarnings("BadAnnotationImplementation")
  private record Configured(String speed, String path, String loops)
      implements ReplayComponent.Config {
    Configured(String speed, String path) {
      this(speed, path, "1");
    }

    @Override
    public String[] file() {
      return path.isEmpty() ? new String[0] : new String[] {path};
    }

    @Override
    public int loop() {
      return Integer.parseInt(loops);
    }

    @Override
    public int processes() {
      return 1;
    }

    @Override
    public int ring_capacity() {
      return 64;
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return ReplayComponent.Config.class;
    }
  }
}
