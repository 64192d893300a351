// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.player.Player;

/**
 * The shell of a running agent, on the Unix socket {@code run/agent.sock} in the agent's home. It
 * asks for no password: the file system lets only root open it. Without a home there is no socket.
 *
 * <p>It opens once the commands are there, so whoever can connect can give them.
 */
@Component(service = {})
public final class ShellSocket {
  /** Framework property: the agent's home folder. */
  static final String HOME = "tagwatch.home";

  private static final Logger LOG = LoggerFactory.getLogger(ShellSocket.class);

  private final SocketServer server;

  /** Called by the framework. */
  @Activate
  public ShellSocket(
      BundleContext context,
      @Reference CommandProcessor processor,
      @Reference ThreadIO threadIo,
      @Reference Player player,
      @Reference StatusCommands statusCommands,
      @Reference ModelCommands modelCommands,
      @Reference AlertCommands alertCommands) {
    String home = context.getProperty(HOME);
    server = home == null ? null : open(Path.of(home), processor, threadIo, player);
  }

  @Deactivate
  void close() {
    if (server == null) {
      return;
    }
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("the shell's socket did not close in good order: {}", e.toString());
    }
  }

  private static SocketServer open(
      Path home, CommandProcessor processor, ThreadIO threadIo, Player player) {
    Path socket = home.resolve("run").resolve("agent.sock");
    try {
      SocketServer server =
          SocketServer.open(
              socket, channel -> new Conversation(processor, threadIo, player, channel).hold());
      LOG.info("shell on {}", socket);
      return server;
    } catch (IOException e) {
      LOG.error("no shell on {}: {}", socket, e.getMessage());
      return null;
    }
  }
}
