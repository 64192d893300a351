// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tagwatch.agent.AgentHome;

/** Speaks an agent's side of the socket, with answers that are given beforehand. */
final class StandInAgent implements Closeable {
  final List<String> commands = new CopyOnWriteArrayList<>();

  private final ServerSocketChannel server;
  private final String answer;

  private StandInAgent(ServerSocketChannel server, String answer) {
    this.server = server;
    this.answer = answer;
  }

  /** Listens in that home and answers each command with these lines of JSON. */
  static StandInAgent listen(Path home, String... answers) throws IOException {
    AgentHome folders = new AgentHome(home).create();
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(folders.socket()));
    StandInAgent agent = new StandInAgent(server, String.join("\n", answers) + "\n");
    Thread thread = new Thread(agent::serve, "stand-in-agent");
    thread.setDaemon(true);
    thread.start();
    return agent;
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel channel = server.accept()) {
        converse(channel);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void converse(SocketChannel channel) throws IOException {
    BufferedReader orders =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    String line = orders.readLine();
    if (line == null) {
      return;
    }
    JsonObject order = JsonParser.parseString(line).getAsJsonObject();
    commands.add(order.get("command").getAsString());
    channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
