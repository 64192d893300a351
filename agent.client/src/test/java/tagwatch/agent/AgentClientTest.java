// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's half of the protocol, byte for byte; the real server is tested with its bundle. */
class AgentClientTest {
  @TempDir Path folder;
  private ServerSocketChannel server;
  private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();

  @AfterEach
  void closeServer() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void shouldSendOneLineAndReadAnswersUntilTheExit() throws Exception {
    AgentClient client =
        client(
            "{\"progress\":{\"step\":\"counting\",\"done\":0.5}}\n{\"out\":\"a\\n\"}\n{\"out\":\"é\"}\n{\"exit\":0}\n");
    List<String> heard = new ArrayList<>();
    ShellResult result =
        client.execute(
            "tagwatch:status",
            new ShellListener() {
              @Override
              public void output(String text) {
                heard.add(text);
              }

              @Override
              public void progress(String step, double done) {
                heard.add(step + done);
              }
            });
    assertThat(result).isEqualTo(new ShellResult("a\né", 0, ""));
    assertThat(heard).containsExactly("counting0.5", "a\n", "é");
    assertThat(orders.poll(5, TimeUnit.SECONDS))
        .isEqualTo("{\"mode\":\"execute\",\"command\":\"tagwatch:status\"}");
  }

  @Test
  void shouldParseJsonAndThrowTheAgentsMessage() throws Exception {
    assertThat(client("{\"out\":\"[1]\\n\"}\n{\"exit\":0}\n").executeJson("x").getAsJsonArray())
        .hasSize(1);
    assertThat(orders.poll(5, TimeUnit.SECONDS)).contains("\"x --json\"");
    AgentClient refusing = client("{\"exit\":1,\"error\":\"tag 7 is not configured\"}\n");
    assertThatThrownBy(() -> refusing.executeJson("x"))
        .isInstanceOf(AgentException.class)
        .hasMessage("tag 7 is not configured");
    AgentClient chatty = client("{\"out\":\"{{\"}\n{\"exit\":0}\n");
    assertThatThrownBy(() -> chatty.executeJson("x"))
        .hasMessageContaining("did not answer in JSON");
  }

  @Test
  void shouldTellThatTheAgentEndedInTheMiddle() throws Exception {
    AgentClient client = client("{\"out\":\"half\"}\n{\"ou");
    assertThatThrownBy(() -> client.execute("x"))
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("ended before the command did");
  }

  @Test
  void shouldSayThatThereIsNoAgent() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> AgentClient.connect(missing))
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("there is no socket " + missing);
    Path stale = folder.resolve("stale");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(stale));
    }
    assertThatThrownBy(() -> AgentClient.connect(stale))
        .isInstanceOf(AgentException.class)
        .hasMessageContaining("nobody listens on " + stale);
  }

  @Test
  void shouldFreeACallerWhenItIsClosed() throws Exception {
    AgentClient client = client(null);
    CompletableFuture<ShellResult> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return client.execute("x");
              } catch (AgentException e) {
                throw new IllegalStateException(e.getMessage(), e);
              }
            });
    assertThat(orders.poll(5, TimeUnit.SECONDS)).isNotNull();
    client.close();
    assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("this client was closed");
  }

  /** A client of an agent that answers each order so; null answers never. */
  private AgentClient client(String answer) throws IOException {
    Path socket = Files.createTempDirectory(folder, "s").resolve("s");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    ServerSocketChannel mine = server;
    Thread thread = new Thread(() -> serve(mine, answer));
    thread.setDaemon(true);
    thread.start();
    return AgentClient.connect(socket);
  }

  private void serve(ServerSocketChannel mine, String answer) {
    while (mine.isOpen()) {
      try (SocketChannel channel = mine.accept();
          BufferedReader reader =
              new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
        String order = reader.readLine();
        if (order == null) {
          continue;
        }
        orders.add(order);
        if (answer == null) {
          reader.read();
        } else {
          OutputStream out = Channels.newOutputStream(channel);
          out.write(answer.getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      } catch (IOException e) {
        return;
      }
    }
  }
}
