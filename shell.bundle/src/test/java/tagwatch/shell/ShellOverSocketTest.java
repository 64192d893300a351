// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.agent.AgentClient;
import tagwatch.agent.AgentException;
import tagwatch.agent.ShellListener;
import tagwatch.agent.ShellResult;

/** The real client, a real socket, the real Gogo; only the player is a fixture. */
@Timeout(60)
class ShellOverSocketTest {
  private static final ThreadIOImpl THREAD_IO = new ThreadIOImpl();

  @TempDir Path folder;
  private final FixturePlayer player = new FixturePlayer();
  private final CommandProcessorImpl processor = new CommandProcessorImpl(THREAD_IO);
  private Path socket;
  private SocketServer server;

  // Once for all: threads of a command that was ended may still be about to take their streams off.
  @BeforeAll
  static void takeSystemStreams() {
    THREAD_IO.start();
  }

  @AfterAll
  static void giveSystemStreamsBack() {
    THREAD_IO.stop();
  }

  @BeforeEach
  void openShell() throws IOException {
    processor.addConverter(new ReplyFormat());
    add(new StatusCommands(player), "status tags ps counters scorers policies transports");
    add(new ModelCommands(player, "/agent/home"), "gate record learn models use promote rollback");
    add(new AlertCommands(player), "alerts why block release verdicts");
    for (String name : List.of("echo", "sleep", "grep")) {
      processor.addCommand("gogo", new Posix(processor), name);
    }
    processor.addCommand(
        "gogo", new Shell(TerminalShell.SURROUNDINGS, processor, THREAD_IO, ""), "help");
    socket = folder.resolve("run").resolve("agent.sock");
    server = open();
  }

  @AfterEach
  void closeShell() throws IOException {
    server.close();
    processor.stop();
  }

  private void add(Object commands, String names) {
    for (String name : names.split(" ", -1)) {
      processor.addCommand("tagwatch", commands, name);
    }
  }

  private SocketServer open() throws IOException {
    return SocketServer.open(
        socket, channel -> new Conversation(processor, THREAD_IO, player, channel).hold());
  }

  private ShellResult execute(String command) throws AgentException {
    try (AgentClient client = AgentClient.connect(socket)) {
      return client.execute(command);
    }
  }

  @Nested
  class Place {
    @Test
    void shouldLetOnlyItsOwnerIn() throws IOException {
      assertThat(permissions(socket.getParent())).isEqualTo("rwx------");
      assertThat(permissions(socket)).isEqualTo("rw-------");
    }

    @Test
    void shouldCloseAFolderThatWasOpenToAll() throws IOException {
      server.close();
      Files.setPosixFilePermissions(
          socket.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
      server = open();
      assertThat(permissions(socket.getParent())).isEqualTo("rwx------");
    }

    @Test
    void shouldNotStealTheSocketOfALiveAgent() throws IOException {
      assertThatThrownBy(ShellOverSocketTest.this::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another agent listens on " + socket);
      assertThat(execute("echo alive").output()).isEqualTo("alive\n");
    }

    @Test
    void shouldReplaceTheSocketOfADeadAgent() throws IOException {
      server.close();
      try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        dead.bind(UnixDomainSocketAddress.of(socket));
      }
      assertThat(socket).exists();
      server = open();
      assertThat(execute("echo alive").output()).isEqualTo("alive\n");
    }

    @Test
    void shouldLeaveAFileThatIsNoSocket() throws IOException {
      server.close();
      Files.writeString(socket, "precious");
      assertThatThrownBy(ShellOverSocketTest.this::open)
          .hasMessageContaining("is in the way and is no socket");
      assertThat(socket).hasContent("precious");
      Files.delete(socket);
      server = open();
    }

    @Test
    void shouldRefuseAFolderThatIsALink() throws IOException {
      server.close();
      Path real = Files.createDirectory(folder.resolve("elsewhere"));
      Path link = Files.createSymbolicLink(folder.resolve("link"), real);
      assertThatThrownBy(() -> SocketServer.open(link.resolve("agent.sock"), channel -> {}))
          .hasMessageContaining("must be a folder of user");
    }

    @Test
    void shouldRemoveTheSocketWhenItCloses() throws IOException {
      server.close();
      assertThat(socket).doesNotExist();
      assertThatThrownBy(() -> AgentClient.connect(socket))
          .isInstanceOf(AgentException.class)
          .hasMessageContaining("no agent");
    }

    private String permissions(Path path) throws IOException {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
  }

  @Nested
  class Commands {
    @Test
    void shouldAnswerPeopleInTablesAndProgramsInJson() throws IOException {
      assertThat(execute("tagwatch:tags").output()).startsWith("  TAG  TRANSPORT");
      try (AgentClient client = AgentClient.connect(socket)) {
        JsonObject tag =
            client.executeJson("tagwatch:tags").getAsJsonArray().get(0).getAsJsonObject();
        assertThat(tag.get("tag").getAsInt()).isEqualTo(13107);
        assertThat(client.executeJson("status").getAsJsonObject().get("upMs").getAsLong())
            .isEqualTo(61_500);
        assertThat(client.executeJson("why 1").getAsJsonObject().get("blocked").getAsBoolean())
            .isTrue();
      }
    }

    @Test
    void shouldAnswerEveryCommandBothWays() throws IOException {
      for (String command :
          List.of(
              "status",
              "tags",
              "ps",
              "counters",
              "scorers",
              "policies",
              "transports",
              "models",
              "alerts",
              "why 1",
              "verdicts",
              "gate 13107",
              "gate 13107 enforce",
              "use 13107 markov-1c9a",
              "block 4711",
              "block 4711 kill",
              "release 4711",
              "record 13107 stop",
              "record 13107 a.rec",
              "learn --tag 13107 a.rec")) {
        ShellResult text = execute("tagwatch:" + command);
        assertThat(text.error()).as(command).isEmpty();
        assertThat(text.output()).as(command).endsWith("\n").doesNotContain("Reply[");
        try (AgentClient client = AgentClient.connect(socket)) {
          assertThat(client.executeJson("tagwatch:" + command)).as(command).isNotNull();
        }
      }
      assertThat(player.orders)
          .contains(
              "gate 13107 enforce",
              "block 4711 suspend/process",
              "block 4711 kill/process",
              "use 13107 markov-1c9a");
    }

    @Test
    void shouldFailWithOneSentence() throws IOException {
      assertFailure("gate 7 enforce", "tag 7 is not configured; configured: 13107");
      assertFailure("gate 7", "tag 7 is not configured; configured: 13107");
      assertFailure("gate 13107 open", "gate 'open' is not one of learn, monitor, enforce");
      assertFailure("why 99", "no alert 99 is kept; 'alerts' lists those that are");
      assertFailure("block 1 kill", "1: refused: never process 1");
      assertFailure("block 2 maim", "'maim' is not one of kill, suspend");
      assertFailure("frobnicate", "there is no command frobnicate; 'help' lists them");
      assertFailure("learn a.rec", "--tag is missing; say whose tasks are to be learned");
      assertThat(execute("gate thirteen").error()).startsWith("wrong arguments; see 'help");
      assertThat(execute("why").error()).startsWith("wrong arguments").doesNotContain("\n");
      assertThat(execute("\"unfinished").exit()).isEqualTo(1);
    }

    @Test
    void shouldPipeWhatACommandAnswers() throws IOException {
      assertThat(execute("tagwatch:tags | grep --color=never stale").output())
          .isEqualTo("13107: model is stale: another build-id\n");
    }

    @Test
    void shouldKeepCharactersWholeInLongOutput() throws IOException {
      String text = "é€😀".repeat(5_000);
      assertThat(execute("echo '" + text + "'").output()).isEqualTo(text + "\n");
    }

    @Test
    void shouldReportProgressAndPassOnTheWholeRequest() throws IOException {
      List<String> steps = new ArrayList<>();
      try (AgentClient client = AgentClient.connect(socket)) {
        ShellResult result =
            client.execute(
                "learn --tag 13107 --option order=5 --rolling 40 --threshold quantile:0.99"
                    + " --features path,flags --models /m /r/a.rec --option smoothing=kn /r/b.rec",
                new ShellListener() {
                  @Override
                  public void progress(String step, double done) {
                    steps.add(step + " " + done);
                  }
                });
        assertThat(result.error()).isEmpty();
        assertThat(result.output()).contains("new n-grams   █▁", "remark        one process only");
      }
      assertThat(steps).containsExactly("counting 0.0", "counting 0.5", "writing 1.0");
      assertThat(player.orders.get(0))
          .contains("recordings=[/r/a.rec, /r/b.rec]", "models=/m", "rolling=40")
          .contains("order=5", "smoothing=kn", "features=[path, flags]", "rule=quantile:0.99");
    }

    private void assertFailure(String command, String error) throws IOException {
      assertThat(execute(command)).isEqualTo(new ShellResult("", 1, error));
    }
  }

  @Nested
  class Conversations {
    @Test
    void shouldHoldManyAtOnce() throws Exception {
      ExecutorService clients = Executors.newFixedThreadPool(SocketServer.CONVERSATIONS);
      try {
        List<Future<ShellResult>> results = new ArrayList<>();
        for (int client = 0; client < 200; client++) {
          String word = "client" + client;
          results.add(clients.submit(() -> execute("echo " + word)));
        }
        for (int client = 0; client < 200; client++) {
          assertThat(results.get(client).get())
              .isEqualTo(new ShellResult("client" + client + "\n", 0, ""));
        }
      } finally {
        clients.shutdownNow();
      }
    }

    @Test
    void shouldRefuseOneTooManyPolitely() throws Exception {
      List<SocketChannel> seated = new ArrayList<>();
      try (AgentClient client = AgentClient.connect(socket)) {
        for (int seat = 0; seat < SocketServer.CONVERSATIONS; seat++) {
          seated.add(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
        }
        assertThat(client.execute("echo x"))
            .isEqualTo(
                new ShellResult(
                    "", 1, "the agent already holds 16 conversations; try again later"));
      } finally {
        for (SocketChannel channel : seated) {
          channel.close();
        }
      }
      assertThat(execute("echo again").output()).isEqualTo("again\n");
    }

    @Test
    void shouldEndTheCommandOfAClientThatHangsUp() throws Exception {
      AgentClient client = AgentClient.connect(socket);
      CompletableFuture<Void> order =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(
                          () -> client.execute("learn --tag 13107 --option forever=1 a.rec"))
                      .isInstanceOf(AgentException.class));
      assertThat(player.learning.await(10, TimeUnit.SECONDS)).isTrue();
      client.close();
      order.get(10, TimeUnit.SECONDS);
      assertThat(player.learningGivenUp.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(execute("echo next").output()).isEqualTo("next\n");
    }

    @Test
    void shouldEndAllWhenItCloses() throws Exception {
      AgentClient client = AgentClient.connect(socket);
      CompletableFuture<Void> order =
          CompletableFuture.runAsync(
              () ->
                  assertThatThrownBy(
                          () -> client.execute("learn --tag 13107 --option forever=1 a.rec"))
                      .isInstanceOf(AgentException.class)
                      .hasMessageContaining("broke off"));
      assertThat(player.learning.await(10, TimeUnit.SECONDS)).isTrue();
      server.close();
      order.get(10, TimeUnit.SECONDS);
      assertThat(player.learningGivenUp.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldRefuseAnOrderThatNeverEnds() throws IOException {
      assertThat(say("x".repeat(Conversation.LONGEST_ORDER + 10)))
          .contains("\"exit\":1", "an order has at most 65536 bytes");
    }

    @Test
    void shouldRefuseWhatIsNoOrder() throws IOException {
      assertThat(say("hello\n")).contains("\"exit\":1", "not an order");
      assertThat(say("[]\n")).contains("\"exit\":1", "not an order");
      assertThat(say("{\"mode\":\"dance\"}\n")).contains("mode 'dance' is not");
      assertThat(say("{\"mode\":\"execute\"}\n")).contains("field 'command' is missing");
      assertThat(say("{\"mode\":\"execute\",\"command\":[]}\n")).contains("not an order");
      assertThat(say("{\"mode\":\"interactive\",\"term\":\"x\",\"columns\":\"a\",\"rows\":1}\n"))
          .contains("not an order");
      assertThat(say("{\"mode\":\"interactive\",\"term\":\"x\",\"columns\":-1,\"rows\":1}\n"))
          .contains("field 'columns' is -1");
      assertThat(execute("echo fine").output()).isEqualTo("fine\n");
    }

    private String say(String words) throws IOException {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        ByteBuffer out = ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8));
        try {
          while (out.hasRemaining()) {
            channel.write(out);
          }
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("pipe");
        }
        ByteBuffer in = ByteBuffer.allocate(4096);
        channel.read(in);
        return new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
      }
    }
  }

  @Nested
  class Terminal {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PipedOutputStream keys = new PipedOutputStream();
    private CompletableFuture<Void> shell;
    private AgentClient client;

    @BeforeEach
    void attach() throws Exception {
      PipedInputStream typed = new PipedInputStream(keys, 65536);
      client = AgentClient.connect(socket);
      shell =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.attach(typed, screen, "xterm-256color", 120, 40);
                } catch (AgentException e) {
                  throw new IllegalStateException(e.getMessage(), e);
                }
              });
      awaitScreen("tagwatch> ");
    }

    @Test
    void shouldRunCommandsUntilControlD() throws Exception {
      type("gate 13107 enforce\r");
      awaitScreen("tag 13107: gate enforce, model markov-1c9a");
      type("gate 7\r");
      awaitScreen("tag 7 is not configured; configured: 13107");
      assertThat(shown()).doesNotContain("Exception");
      type("\u0004");
      shell.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldCompleteCommandsOptionsAndValues() throws Exception {
      type("tagwatch:verd\t");
      awaitScreen("verdicts");
      type("\u0015gate 13\t");
      awaitScreen("gate 13107 ");
      type("enf\t");
      awaitScreen("enforce");
      type("\u0015learn --thr\t");
      awaitScreen("--threshold");
      type("\u0015why \t");
      awaitScreen("why 1");
      type("\u0015\u0004");
      shell.get(10, TimeUnit.SECONDS);
      assertThat(player.orders).isEmpty();
    }

    @Test
    void shouldEndTheRunningCommandOnControlC() throws Exception {
      type("learn --tag 13107 --option forever=1 a.rec\r");
      awaitScreen("counting 50 %");
      assertThat(player.learning.await(10, TimeUnit.SECONDS)).isTrue();
      type("\u0003");
      assertThat(player.learningGivenUp.await(10, TimeUnit.SECONDS)).isTrue();
      type("echo still-$(echo here)\r");
      awaitScreen("still-here");
      type("\u0004");
      shell.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldEndTheRunningCommandWhenTheTerminalIsGone() throws Exception {
      type("learn --tag 13107 --option forever=1 a.rec\r");
      assertThat(player.learning.await(10, TimeUnit.SECONDS)).isTrue();
      client.close();
      assertThat(player.learningGivenUp.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldDescribeACommand() throws Exception {
      type("help tagwatch:block\r");
      awaitScreen("suspends a watched process");
      type("\u0004");
      shell.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldFallBackForATerminalThatNobodyKnows() throws Exception {
      ByteArrayOutputStream odd = new ByteArrayOutputStream();
      client.attach(
          new ByteArrayInputStream("echo fi''ne\recho twice\r".getBytes(StandardCharsets.UTF_8)),
          odd,
          "no-such-terminal",
          80,
          24);
      assertThat(plain(odd)).contains("fine", "\ntwice").doesNotContain("null");
    }

    private void type(String text) throws IOException {
      keys.write(text.getBytes(StandardCharsets.UTF_8));
      keys.flush();
    }

    private String shown() {
      return plain(screen);
    }

    /** Without colours and cursor movements. */
    private String plain(ByteArrayOutputStream bytes) {
      return bytes.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;?]*[a-zA-Z]", "");
    }

    private void awaitScreen(String text) throws InterruptedException {
      long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (!shown().contains(text)) {
        assertThat(System.nanoTime()).as(() -> "no '" + text + "' in:\n" + shown()).isLessThan(end);
        Thread.sleep(10);
      }
    }
  }
}
