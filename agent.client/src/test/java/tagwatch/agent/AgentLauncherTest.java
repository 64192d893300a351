// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentLauncherTest {
  @TempDir Path folder;
  private AgentHome home;
  private AgentLauncher launcher;

  /** What an agent looks like from outside: it listens, or does not, and ends when told. */
  static final class Stub {
    public static void main(String[] args) throws Exception {
      String behaviour = System.getProperty("stub");
      System.out.println("stub: " + behaviour + " " + System.getenv("MALLOC_ARENA_MAX"));
      if (behaviour.equals("end")) {
        System.exit(3);
      }
      if (System.getProperty("tagwatch.execute") != null) {
        System.exit(System.getProperty("tagwatch.execute").equals("good") ? 0 : 1);
      }
      if (behaviour.equals("listen")) {
        Path socket = new AgentHome(Path.of(System.getProperty("tagwatch.home"))).socket();
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        while (true) {
          server.accept().close();
        }
      }
      Thread.sleep(60_000);
    }
  }

  @BeforeEach
  void packStub() throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Stub.class.getName());
    Path jar = folder.resolve("runtime.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (Class<?> part : new Class<?>[] {Stub.class, AgentHome.class}) {
        String name = part.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        part.getClassLoader().getResourceAsStream(name).transferTo(out);
      }
    }
    home = new AgentHome(folder.resolve("home"));
    launcher = new AgentLauncher(home, jar);
  }

  @Test
  void shouldStartWithTheShippedOptionsAndStopInGoodOrder() throws Exception {
    AgentProcess agent = launcher.property("stub", "listen").start();
    assertThat(agent.alive()).isTrue();
    assertThat(agent.rssKb().orElseThrow()).isBetween(5_000L, 500_000L);
    assertThat(Files.readString(home.log())).contains("stub: listen 2");
    assertThat(launcher.command()).containsAll(AgentLauncher.JVM_OPTIONS);
    agent.stop();
    assertThat(agent.waitFor()).isEqualTo(128 + 15);
    assertThat(agent.rssKb()).isEmpty();
  }

  @Test
  void shouldRefuseASecondAgentInTheSameHome() throws Exception {
    try (AgentProcess agent = launcher.property("stub", "listen").start()) {
      assertThatThrownBy(launcher::start)
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("already running in " + home.root());
      agent.kill();
      assertThat(agent.waitFor()).isEqualTo(128 + 9);
    }
  }

  @Test
  void shouldReplaceTheSocketOfAKilledAgent() throws Exception {
    launcher.property("stub", "listen").start().kill();
    assertThat(home.socket()).exists();
    try (AgentProcess agent = launcher.start()) {
      assertThat(agent.alive()).isTrue();
    }
  }

  @Test
  void shouldLiveOnInItsOwnSessionWhenDetached() throws Exception {
    long pid = launcher.property("stub", "listen").startDetached();
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      assertThat(fields[3]).as("session").isEqualTo(Long.toString(pid));
    } finally {
      process.destroyForcibly();
    }
  }

  private ProcessHandle anotherThan(ProcessHandle supervisor, long before) throws Exception {
    long end = System.nanoTime() + 20_000_000_000L;
    while (System.nanoTime() < end) {
      Optional<ProcessHandle> agent =
          supervisor
              .children()
              .filter(child -> child.info().command().orElse("").endsWith("java"))
              .filter(child -> child.pid() != before)
              .findFirst();
      if (agent.isPresent() && AgentProcess.answers(home)) {
        return agent.get();
      }
      Thread.sleep(10);
    }
    throw new AssertionError("no agent");
  }

  /** Once the time without an agent is in it. */
  private String outages() throws Exception {
    String noted = "";
    for (int i = 0; i < 1000 && (noted.isEmpty() || noted.contains("\"seconds\": 0.00")); i++) {
      Thread.sleep(10);
      Path file = home.state().resolve("outages.json");
      noted = Files.exists(file) ? Files.readString(file) : "";
    }
    return noted;
  }

  @Test
  void shouldStartAKilledAgentAgainCountTheOutageAndEndWhenTold() throws Exception {
    try (AgentProcess supervisor = launcher.property("stub", "listen").startSupervised()) {
      ProcessHandle first = anotherThan(ProcessHandle.of(supervisor.pid()).orElseThrow(), -1);
      long killed = System.nanoTime();
      first.destroyForcibly();
      ProcessHandle second =
          anotherThan(ProcessHandle.of(supervisor.pid()).orElseThrow(), first.pid());
      long took = System.nanoTime() - killed;
      String outages = outages();
      System.out.printf("started again after %d ms: %s", took / 1_000_000, outages);
      assertThat(outages).contains("\"count\": 1", "\"last\": \"killed\"");
      assertThat(took).isLessThan(15_000_000_000L);
      supervisor.stop();
      assertThat(second.isAlive()).isFalse();
    }
    assertThat(AgentProcess.answers(home)).isFalse();
  }

  @Test
  void shouldNotStartAnAgentAgainThatWasToldToEnd() throws Exception {
    try (AgentProcess supervisor = launcher.property("stub", "listen").startSupervised()) {
      anotherThan(ProcessHandle.of(supervisor.pid()).orElseThrow(), -1).destroy();
      assertThat(supervisor.waitFor()).isEqualTo(128 + 15);
    }
    assertThat(home.state().resolve("outages.json")).doesNotExist();
  }

  @Test
  void shouldNotSuperviseAnAgentThatNeverCameUp() {
    assertThatThrownBy(() -> launcher.property("stub", "end").startSupervised())
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("exit code 3");
  }

  @Test
  void shouldShowTheLogOfAnAgentThatEndsAtOnce() {
    assertThatThrownBy(() -> launcher.property("stub", "end").start())
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("stub: end");
  }

  @Test
  void shouldKillAnAgentThatDoesNotAnswerInTime() {
    launcher.property("stub", "sleep").deadline(Duration.ofSeconds(2));
    assertThatThrownBy(launcher::start)
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("within 2 s");
  }

  @Test
  void shouldReturnTheExitCodeOfAOneShot() throws Exception {
    launcher.property("stub", "once");
    assertThat(launcher.executeOnce("good")).isZero();
    assertThat(launcher.executeOnce("bad")).isEqualTo(1);
  }

  @Test
  void shouldNameTheRuntimeThatIsMissing() {
    assertThatThrownBy(() -> new AgentLauncher(home, folder.resolve("no.jar")).start())
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("no.jar");
  }
}
